/**
 * Keeps one engine at hand: finds it or starts it, follows its events, starts it again when it is gone, and ends it on *Quit*.
 * What happens next is decided in state.ts; how an engine is found and proved is in engine-search.ts.
 */
import type { Happening, JobNotice, PromptEnd } from '../../contract/events.ts';
import type { Status } from '../../contract/status.ts';
import type { EngineWords } from '../../strings/en/shell.ts';
import type { EngineClient } from './client.ts';
import { type EngineLink, EngineRefusal } from './engine-link.ts';
import type { EngineSearch, Loss, Reached } from './engine-search.ts';
import { type EngineEvent, readEvents, SILENCE_LIMIT_MS } from './event-stream.ts';
import {
  type Host,
  type HostEffect,
  type HostEvent,
  type HostState,
  initialHost,
  STABLE_AFTER_MS,
  transition,
} from './state.ts';

export interface EngineHostDeps {
  readonly search: EngineSearch;
  /** Once for each engine that is reached, before anybody else talks to it. */
  readonly onReached: (client: EngineClient, startedNow: boolean) => Promise<void>;
  readonly words: () => EngineWords;
  readonly log: (line: string) => void;
  /** Of its events. */
  readonly silenceLimitMs?: number;
}

const TOPICS = ['status', 'happening', 'promptEnd', 'jobNotice'] as const;

export type EngineOutcome = 'done' | 'busy';

export interface EngineHost {
  readonly link: EngineLink;
  /** With the code where the engine said one. */
  readonly state: () => HostState;
  start(): void;
  /** After the engine was given up; does nothing to one that answers. */
  retry(): void;
  /**
   * Ends the engine with ComfyUI, and starts it again.
   * @param change done while none runs, for example to run the demo
   * @returns `busy`: it has work, and nothing was done
   * @throws EngineRefusal `engine_not_ours`
   */
  restart(force: boolean, change?: () => void): Promise<EngineOutcome>;
  /** Ends the engine with ComfyUI unless somebody else runs it. `busy`: it has work, goes on and is followed again. */
  end(force: boolean): Promise<EngineOutcome>;
  /** Lets go of the engine, which goes on. */
  close(): void;
}

export function createEngineHost(deps: EngineHostDeps): EngineHost {
  const { search, onReached, words, log, silenceLimitMs = SILENCE_LIMIT_MS } = deps;
  const changed = new Set<() => void>();
  const happened = new Set<(happening: Happening) => void>();
  const promptEnded = new Set<(end: PromptEnd) => void>();
  const noticed = new Set<(notice: JobNotice) => void>();
  let host: Host = initialHost;
  let status: Status | null = null;
  let reached: Reached | null = null;
  /** Grows with every search, so that what belongs to an earlier one is not heard any more. */
  let generation = 0;
  let stopFollowing = (): void => undefined;

  function dispatch(event: HostEvent): void {
    const step = transition(host, event);
    if (step.host.state !== host.state) log(`engine: ${describe(step.host.state)}`);
    host = step.host;
    if (host.state.kind !== 'connected') status = null;
    for (const effect of step.effects) run(effect);
    tell();
  }

  function run(effect: HostEffect): void {
    switch (effect.kind) {
      case 'open':
        void open(effect.delayMs);
        break;
      case 'follow':
        void follow();
        break;
      case 'letGo':
        generation += 1;
        stopFollowing();
        reached?.client.close();
    }
  }

  async function open(delayMs: number): Promise<void> {
    generation += 1;
    const mine = generation;
    await wait(delayMs);
    if (mine !== generation) return;
    const outcome = await search
      .reach(() => mine === generation)
      .catch((error): Loss => ({ kind: 'lost', reason: String(error), code: null, final: false }));
    if (mine !== generation) return;
    if (outcome.kind === 'lost') {
      dispatch(outcome);
      return;
    }
    reached = outcome;
    await onReached(outcome.client, outcome.startedNow).catch((error) => log(`engine: ${error}`));
    if (mine !== generation) return;
    status = outcome.status;
    dispatch({ kind: 'answered', url: outcome.client.url, ours: outcome.ours });
  }

  async function follow(): Promise<void> {
    const [mine, engine] = [generation, reached];
    if (engine === null) return;
    let endStream = (): void => undefined;
    const stable = setTimeout(() => dispatch({ kind: 'provedStable' }), STABLE_AFTER_MS);
    stable.unref();
    stopFollowing = () => {
      clearTimeout(stable);
      endStream();
    };
    for (;;) {
      const onOpen = (end: () => void) => {
        endStream = end;
      };
      await readEvents(engine.client, TOPICS, hear, onOpen, silenceLimitMs).catch((error) =>
        log(`engine: its events cannot be read: ${error}`),
      );
      if (mine !== generation) return;
      const loss: Loss | null = await search.isLost(engine, () => mine === generation);
      if (mine !== generation) return;
      if (loss !== null) {
        dispatch(loss);
        return;
      }
    }
  }

  function hear(event: EngineEvent): void {
    if (event.name === 'status') {
      status = event.value;
      tell();
    } else if (event.name === 'happening') for (const listener of [...happened]) listener(event.value);
    else if (event.name === 'promptEnd') for (const listener of [...promptEnded]) listener(event.value);
    else if (event.name === 'jobNotice') for (const listener of [...noticed]) listener(event.value);
  }

  function tell(): void {
    for (const listener of [...changed]) listener();
  }

  /** Where nobody can be asked any more, the answer is that nothing is left. */
  async function endEngine(force: boolean): Promise<EngineOutcome> {
    const engine = host.state.kind === 'connected' ? reached : null;
    if (engine !== null && !engine.ours) return 'done';
    // Before it ends: its going is no loss then.
    dispatch({ kind: 'endWanted' });
    try {
      if (engine !== null) await search.askToEnd(engine, force);
      await search.untilGone(engine);
      return 'done';
    } catch (error) {
      if (!(error instanceof EngineRefusal) || error.code !== 'work_in_progress') throw error;
      dispatch({ kind: 'startWanted' });
      return 'busy';
    }
  }

  const client = (): EngineClient => {
    if (host.state.kind !== 'connected' || reached === null) {
      throw new EngineRefusal('unreachable', words().notRunning);
    }
    return reached.client;
  };

  const link: EngineLink = {
    state: () => host.state,
    status: () => status,
    url: () => (host.state.kind === 'connected' ? host.state.url : null),
    onChange: (listener) => subscribe(changed, listener),
    onHappening: (listener) => subscribe(happened, listener),
    onPromptEnd: (listener) => subscribe(promptEnded, listener),
    onJobNotice: (listener) => subscribe(noticed, listener),
    get: async (path) => client().json('GET', path, undefined, 30_000),
    send: async (method, path, body) => client().json(method, path, body),
    download: async (path) => client().download(path),
  };

  return {
    link,
    state: () => host.state,
    start: () => void open(0),
    retry() {
      if (host.state.kind === 'gaveUp') dispatch({ kind: 'startWanted' });
    },
    async restart(force, change = () => undefined) {
      if (host.state.kind === 'connected' && !host.state.ours) {
        throw new EngineRefusal('engine_not_ours', words().notOurs(reached?.lock.pid ?? 0));
      }
      const outcome = await endEngine(force);
      if (outcome === 'done') {
        change();
        dispatch({ kind: 'startWanted' });
      }
      return outcome;
    },
    end: endEngine,
    close() {
      dispatch({ kind: 'endWanted' });
    },
  };
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const describe = (state: HostState): string => ('reason' in state ? `${state.kind} (${state.reason})` : state.kind);
const wait = (ms: number): Promise<void> =>
  ms === 0 ? Promise.resolve() : new Promise((done) => setTimeout(done, ms));
