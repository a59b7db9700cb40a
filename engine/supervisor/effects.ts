/**
 * Does what the machine asks for (launch, wait, watch, end) and tells it what came of it. Decides nothing about the life of
 * ComfyUI: all news goes through `send`, and news of an earlier generation is the machine's to ignore.
 */
import { randomUUID } from 'node:crypto';
import { AppError, toAppError } from '../platform/app-error.ts';
import { assertNever } from '../platform/assert-never.ts';
import type { CancelTimer } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Custody, Held } from './custody.ts';
import type { InstallationSettings } from './launch/launch.ts';
import { type LaunchSurroundings, prepareLaunch } from './launch/launch-checks.ts';
import { advance, type ObservationDeps, observeRunning, observeStart } from './observation.ts';
import type { ProcessEnd } from './reasons/exit-codes.ts';
import { launchFailure, stopFailure } from './reasons/failures.ts';
import { createRun, endedOfOwnWill, evidenceOf, explainEnd, progressSoFar, type Run } from './run.ts';
import type { Effect } from './state.ts';

export interface EffectsDeps extends ObservationDeps {
  readonly custody: Custody;
  /** Read at each start. */
  readonly installation: () => InstallationSettings;
  readonly surroundings: LaunchSurroundings;
  readonly wait: (delayMs: number) => Promise<void>;
  readonly log: Log;
  readonly rememberStart: (seconds: number) => void;
}

export interface Effects {
  run(effect: Effect): void;
  /** One of an earlier engine is in our hands; the machine hears of it by `found`, which must follow. */
  adopt(held: Held, generation: number): void;
  /** Where ComfyUI listens; null when nothing is held. */
  host(): string | null;
  setBusy(busy: boolean): void;
  /** Drops timers; ends nothing. */
  close(): void;
}

interface SeenEnd extends ProcessEnd {
  /** The node that ran then: soon nobody will know. */
  readonly node: string | null;
}

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;

/** How long a ComfyUI that ended without a fault is given to come back as another process. */
const SUCCESSOR_LIMIT_MS = 15_000;
const SUCCESSOR_LOOK_MS = 500;

export function createEffects(deps: EffectsDeps): Effects {
  const { custody, comfyLog, clock, log, send } = deps;
  let current: Run | null = null;
  let launching: { readonly cancel: AbortController; readonly done: Promise<void> } | null = null;
  /** An `end` is under way: the exit it causes is no news. */
  let ending = false;
  /** The exit of the current process, and what is being done about it. */
  let exit: { readonly seen: SeenEnd; handling: Promise<void> } | null = null;
  let cancelBackOff: CancelTimer = () => undefined;

  async function launch(effect: EffectOf<'launch'>, cancelled: AbortSignal): Promise<void> {
    const { generation, withoutCustomNodes, limitMs } = effect;
    const nonce = randomUUID();
    try {
      const prepared = await prepareLaunch(deps.installation(), { nonce, withoutCustomNodes }, deps.surroundings);
      if (cancelled.aborted) return;
      const held = await custody.launch(prepared, { nonce, generation, withoutCustomNodes });
      const run = hold(held, generation, held.logMark);
      if (cancelled.aborted) return;
      advance(run, { phase: 'python', detail: null }, send);
      observeStart(run, limitMs, run.logMark, deps);
    } catch (error) {
      if (cancelled.aborted) return;
      if (!(error instanceof AppError)) log.error({ error }, 'Stoker itself failed while launching ComfyUI');
      const refusal = toAppError(error);
      const permanent = refusal.code !== 'private_port_taken';
      send({ kind: 'launchRefused', generation, failure: launchFailure(refusal), permanent });
    }
  }

  function hold(held: Held, generation: number, logMark: number): Run {
    const run = createRun(held, generation, logMark);
    current = run;
    exit = null;
    void held.process.exited.then((end) => {
      if (current?.held.process !== held.process || ending) return;
      const seen = { ...end, node: deps.currentNode() };
      exit = { seen, handling: Promise.resolve() };
      exit.handling = settled(afterExit(current, seen));
    });
    return run;
  }

  async function afterExit(run: Run, end: SeenEnd): Promise<void> {
    // Its last lines first: they tell how far a start had come.
    comfyLog.drain();
    run.stopObserving();
    if (!mayHaveRestarted(run, end)) return conclude(run, end);
    const successor = await successorOf(run);
    if (ending) return;
    // One that was running may take a moment to come back; one that never answered has simply ended.
    const worthWaiting = run.stage === 'running' && (end.exitCode === 0 || deps.surroundings.platform === 'win32');
    if (successor === null && !worthWaiting) return conclude(run, end);
    send({ kind: 'restartSeen', generation: run.generation });
  }

  /** os.execv on Windows ends the old process with code 0; of an adopted one the code is not known. */
  function mayHaveRestarted(run: Run, end: ProcessEnd): boolean {
    const faultless = end.exitCode === 0 || (end.exitCode === null && end.signal === null);
    return faultless && !endedOfOwnWill(run, end, comfyLog);
  }

  /** The process that took its place, in our hands. */
  async function successorOf(run: Run): Promise<Run | null> {
    const held = await custody.followSuccessor(run.held, run.generation).catch((error: unknown) => {
      log.warn({ error }, 'could not look for a ComfyUI that restarted itself');
      return null;
    });
    return held === null ? null : hold(held, run.generation, run.logMark);
  }

  async function seekSuccessor(run: Run, end: SeenEnd, limitMs: number): Promise<void> {
    const deadline = clock.monotonic() + SUCCESSOR_LIMIT_MS;
    let stopped = false;
    run.stopObserving = () => {
      stopped = true;
    };
    while (!stopped && clock.monotonic() < deadline) {
      await deps.wait(SUCCESSOR_LOOK_MS);
      const successor = await successorOf(run);
      if (successor === null) continue;
      if (!ending) observeStart(successor, limitMs, run.logMark, deps);
      return;
    }
    if (!ending) await conclude(run, end);
  }

  /** The process is gone: ends what it left, and says why. */
  async function conclude(run: Run, end: SeenEnd): Promise<void> {
    const left = await leftOf(run, custody.endLeftovers(run.held));
    if (ending) return;
    const { generation } = run;
    if (left.length > 0) {
      send({ kind: 'endFailed', generation, failure: stopFailure(left, evidenceOf(run, comfyLog)) });
      return;
    }
    custody.letGo(run.held);
    current = null;
    const { failure, permanent } = explainEnd(run, end, end.node, comfyLog);
    const ownWill = endedOfOwnWill(run, end, comfyLog);
    send({ kind: 'exited', generation, failure: ownWill ? null : failure, permanent });
  }

  function awaitAnswer(effect: EffectOf<'awaitAnswer'>): void {
    if (current === null) return;
    current.stopObserving();
    const since = comfyLog.lastSequence();
    if (current.generation === effect.generation) {
      advance(current, progressSoFar(current, comfyLog), send);
    } else {
      current = createRun(current.held, effect.generation, since);
      custody.renumber(current.held, effect.generation).catch((error: unknown) => log.warn({ error }, 'no new record'));
    }
    const run = current;
    if (exit !== null) exit.handling = settled(seekSuccessor(run, exit.seen, effect.limitMs));
    else observeStart(run, effect.limitMs, since, deps);
  }

  async function end({ generation, graceMs }: EffectOf<'end'>): Promise<void> {
    ending = true;
    launching?.cancel.abort();
    current?.stopObserving();
    await launching?.done;
    current?.stopObserving();
    await exit?.handling;
    const run = current;
    const left = run === null ? [] : await leftOf(run, custody.end(run.held, graceMs));
    ending = false;
    if (run !== null && left.length > 0) {
      send({ kind: 'endFailed', generation, failure: stopFailure(left, evidenceOf(run, comfyLog)) });
      return;
    }
    if (run !== null) custody.letGo(run.held);
    current = null;
    exit = null;
    send({ kind: 'ended', generation });
  }

  /** Pids that would not go; where the process table fails, what is known without it. */
  async function leftOf(run: Run, ended: Promise<number[]>): Promise<number[]> {
    try {
      return await ended;
    } catch (error) {
      log.error({ error }, 'could not see whether all of ComfyUI has ended');
      return run.held.process.hasExited() ? [] : [run.held.process.pid];
    }
  }

  /** Work that nobody waits for: an error in it is Stoker's own, and must not end the engine. */
  function settled(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => log.error({ error }, 'Stoker itself failed while supervising ComfyUI'));
  }

  return {
    run(effect) {
      switch (effect.kind) {
        case 'launch': {
          const cancel = new AbortController();
          launching = { cancel, done: launch(effect, cancel.signal) };
          return;
        }
        case 'awaitAnswer':
          awaitAnswer(effect);
          return;
        case 'watch':
          if (current !== null) observeRunning(current, deps);
          return;
        case 'end':
          void settled(end(effect));
          return;
        case 'backOff':
          cancelBackOff = clock.after(effect.delayMs, () => send({ kind: 'backOffOver' }));
          return;
        case 'cancelBackOff':
          cancelBackOff();
          return;
        case 'rememberStart':
          deps.rememberStart(effect.seconds);
          return;
        default:
          assertNever(effect);
      }
    },
    adopt(held, generation) {
      hold(held, generation, held.logMark);
    },
    host: () => current?.held.host ?? null,
    setBusy(busy) {
      if (current !== null) current.busy = busy;
    },
    close() {
      current?.stopObserving();
      cancelBackOff();
    },
  };
}
