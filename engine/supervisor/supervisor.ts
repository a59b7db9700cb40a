/**
 * The single writer of ComfyUI's life: runs the effects that state.ts asks for and answers everyone who waits.
 * Nobody looks at the state and then acts; callers ask `ensureRunning` and the machine decides.
 */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LogLine } from '../../contract/events.ts';
import type { Settings } from '../../contract/settings.ts';
import type { StartReason, StopReason, SupervisorState } from '../../contract/supervisor-state.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import { createCustody } from './custody.ts';
import { createEffects } from './effects.ts';
import { createStartTimes } from './health/start-times.ts';
import { launchLabel } from './launch/launch.ts';
import type { LaunchSurroundings } from './launch/launch-checks.ts';
import { createLaunchIntent } from './launch/launch-intent.ts';
import { takeOverLeftBehind } from './left-behind.ts';
import { createLogCapture } from './log/log-capture.ts';
import type { Processes } from './processes.ts';
import { isPromptRunning } from './reasons/exit-evidence.ts';
import { initialMachine, type Life, type Policy, publicState, type SupervisorEvent } from './state.ts';
import { transition } from './transition.ts';
import { transitionMessage } from './transition-message.ts';
import { createWaiters } from './waiters.ts';

/** Where the running ComfyUI answers. `generation` grows with every start, so that a late answer from an earlier one is known as such. */
export interface ComfyAddress {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly generation: number;
}

export interface Transition {
  readonly from: SupervisorState;
  readonly to: SupervisorState;
  /** Epoch milliseconds. */
  readonly at: number;
  /** One sentence for the event list. */
  readonly message: string;
}

export interface StartOptions {
  readonly withoutCustomNodes?: boolean;
}

/** Live output of ComfyUI: a bounded ring in memory, rotated files on disk. */
export interface ComfyLog {
  /** The newest `count` lines, oldest first. */
  tail(count: number): LogLine[];
  /** Lines with a greater sequence than `sequence` that are still in memory. */
  after(sequence: number): LogLine[];
  /** Called with batches, never per byte. */
  onLines(listener: (lines: LogLine[]) => void): Unsubscribe;
  readonly file: string;
}

export interface Supervisor {
  state(): SupervisorState;
  /** The address while `running`, else null. */
  address(): ComfyAddress | null;
  /**
   * Resolves when ComfyUI answers. What it does depends on the state, and only the machine looks at that:
   *
   * | state      | what happens |
   * |------------|--------------|
   * | stopped    | starts |
   * | starting   | waits for the start in progress |
   * | running    | resolves at once, also when it runs without custom nodes |
   * | stopping   | starts again as soon as nothing is left; shares what follows when something else is to follow |
   * | backingOff | waits for the next try; `user` starts it now |
   * | failed     | starts anew; after `gave_up` a `request` is refused, only a person starts again |
   *
   * @throws AppError (exited_early, start_timeout, gave_up, not_configured, …) when the machine settles without running,
   *         or start_cancelled when `signal` aborts (the start itself goes on) or somebody stops it.
   */
  ensureRunning(reason: StartReason, options?: StartOptions & { readonly signal?: AbortSignal }): Promise<ComfyAddress>;
  /** Resolves when no process of ComfyUI is left; stopping a stopped one resolves at once. Also ends a start or a back-off. */
  stop(reason: StopReason): Promise<void>;
  restart(options?: StartOptions): Promise<ComfyAddress>;
  /**
   * The health check's and the gateway's word that ComfyUI is busy (`true` while a prompt runs):
   * a process that does not answer while busy is spared far longer than an idle one.
   */
  setBusy(busy: boolean): void;
  onTransition(listener: (transition: Transition) => void): Unsubscribe;
  readonly log: ComfyLog;
  /** Seconds a start took lately, learnt over earlier ones; null before the first. */
  expectedStartSeconds(): number | null;
  /** Adopts or ends what an earlier engine left behind. Called once, before anything else. */
  recover(): Promise<void>;
  /** Stops ComfyUI and releases files and timers. */
  close(): Promise<void>;
}

export interface SupervisorDeps {
  /** Read anew whenever it matters, so that a change needs no restart of the engine. */
  readonly settings: () => Settings;
  /** Keeps ComfyUI's log and the learnt start times. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly processes: Processes;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Type of the node being executed, when somebody knows: it is named when ComfyUI crashes. */
  readonly currentNode: () => string | null;
  /** 0 ≤ value < 1, for the jitter of the back-off. */
  readonly random: () => number;
}

export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const { settings, dataFolder, clock, log, processes } = deps;
  const { table, probe, wait } = processes;
  const comfyLog = createLogCapture({ file: join(dataFolder, 'logs', 'comfyui.log'), clock, log });
  const startTimes = createStartTimes({ file: join(dataFolder, 'start-times.json'), log });
  const intent = createLaunchIntent(`${processes.recordFile}.intent`);
  const custody = createCustody({ ...processes, intent, comfyLog, clock, log, platform: deps.platform });
  const waiters = createWaiters(addressOf);
  const transitions = createListeners<Transition>((error) =>
    log.error({ error }, 'a listener of the supervisor failed'),
  );
  const surroundings: LaunchSurroundings = {
    platform: deps.platform,
    environment: deps.environment,
    currentFolder: process.cwd(),
    processTable: table,
  };
  const effects = createEffects({
    custody,
    comfyLog,
    surroundings,
    clock,
    log,
    send,
    probe,
    table,
    wait,
    readCpuSeconds: processes.readCpuSeconds,
    currentNode: deps.currentNode,
    installation: () => settings().installation,
    rememberStart: (seconds) => startTimes.remember(label(), seconds),
  });

  let machine = initialMachine(clock.now());
  const queue: Queued[] = [];
  let working = false;
  let recovering: Promise<void> | null = null;
  let closing: Promise<void> | null = null;

  /** The one way in: events are taken one after the other, also those that their own consequences send. */
  function send(event: SupervisorEvent, afterwards: () => void = () => undefined): void {
    queue.push({ event, afterwards });
    if (working) return;
    working = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) take(next);
    working = false;
  }

  function take({ event, afterwards }: Queued): void {
    const from = machine.life;
    const step = transition(machine, event, { now: clock.now(), random: deps.random(), policy: policy() });
    machine = step.machine;
    afterwards();
    announce(from, machine.life);
    for (const effect of step.effects) effects.run(effect);
    waiters.settle(from, machine.life);
  }

  function announce(before: Life, after: Life): void {
    if (before === after) return;
    const [from, to] = [publicState(before), publicState(after)];
    if (isDeepStrictEqual(from, to)) return;
    const at = clock.now();
    const message = transitionMessage(from, to, at);
    log.info({ from: from.kind, to: to.kind }, message);
    transitions.notify({ from, to, at, message });
  }

  function policy(): Policy {
    const { supervision } = settings();
    return {
      startTimeoutMs: supervision.startTimeoutSeconds * 1000,
      stopGraceMs: supervision.stopGraceSeconds * 1000,
      restartAfterCrash: supervision.restartAfterCrash,
      maxCrashes: supervision.maxCrashes,
      crashWindowMs: supervision.crashWindowMinutes * 60_000,
    };
  }

  function addressOf(life: Life): ComfyAddress | null {
    const host = effects.host();
    if (life.kind !== 'running' || host === null) return null;
    const { port, pid, generation } = life;
    return { host, port, pid, generation };
  }

  function label(): string {
    return launchLabel(settings().installation) ?? '';
  }

  /** Sends `event` and waits from that very moment on: nothing can happen in between. */
  async function ask<Answer>(event: SupervisorEvent, answer: () => Promise<Answer>): Promise<Answer> {
    if (recovering !== null) await recovering;
    return new Promise((resolve, reject) => {
      send(event, () => void answer().then(resolve, reject));
    });
  }

  async function recover(): Promise<void> {
    const { stopGraceMs, startTimeoutMs } = policy();
    const taken = await takeOverLeftBehind({
      ...processes,
      custody,
      clock,
      startTimeoutMs,
      stopGraceMs,
      life: {
        isPromptRunning: (held) => isPromptRunning(comfyLog.after(held.logMark).map((line) => line.text)),
        cpuSeconds: async (held) => processes.readCpuSeconds(await custody.members(held)),
        lastLine: () => comfyLog.lastSequence(),
      },
    });
    if (taken === null) return;
    const { held, generation, condition } = taken;
    effects.adopt(held, generation);
    send({
      kind: 'found',
      generation,
      pid: held.process.pid,
      port: held.port,
      withoutCustomNodes: held.withoutCustomNodes,
      answering: condition.kind === 'running',
      limitMs: condition.kind === 'starting' ? condition.limitMs : 0,
    });
  }

  async function shutDown(): Promise<void> {
    try {
      await ask({ kind: 'stopWanted', reason: 'shutdown' }, () => waiters.forEnd());
    } finally {
      effects.close();
      comfyLog.close();
    }
  }

  return {
    state: () => publicState(machine.life),
    address: () => addressOf(machine.life),
    async ensureRunning(reason, options = {}) {
      if (closing !== null) throw new AppError('start_cancelled', 'Stoker is shutting down.');
      const withoutCustomNodes = options.withoutCustomNodes ?? false;
      return ask({ kind: 'startWanted', reason, withoutCustomNodes }, () => waiters.forRunning(options.signal));
    },
    stop: (reason) => ask({ kind: 'stopWanted', reason }, () => waiters.forEnd()),
    async restart(options = {}) {
      if (closing !== null) throw new AppError('start_cancelled', 'Stoker is shutting down.');
      const withoutCustomNodes = options.withoutCustomNodes ?? false;
      return ask({ kind: 'restartWanted', withoutCustomNodes }, () => waiters.forRunning());
    },
    setBusy: (busy) => effects.setBusy(busy),
    onTransition: (listener) => transitions.add(listener),
    log: comfyLog,
    expectedStartSeconds: () => startTimes.expectedSeconds(label()),
    recover() {
      recovering ??= recover().finally(() => {
        recovering = null;
      });
      return recovering;
    },
    close() {
      closing ??= shutDown();
      return closing;
    },
  };
}

interface Queued {
  readonly event: SupervisorEvent;
  /** Called right after the transition, before anybody is answered. */
  readonly afterwards: () => void;
}
