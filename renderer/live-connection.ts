/**
 * Keeps one event stream to the engine alive: runs what connection.ts decides. Changing the topics opens the new stream before
 * the old one is dropped, so that nothing is missed. Knows neither React nor what the events mean.
 */
import type { EventName, EventPayload } from '../contract/events.ts';
import { listenToEvents } from './api.ts';
import { ApiError } from './lib/api-error.ts';
import { clockSkewMs } from './lib/clock-skew.ts';
import { type ConnectionEvent, type ConnectionState, firstConnection, transition } from './lib/connection.ts';

export interface LiveConnection {
  state(): ConnectionState;
  /** The engine's clock minus this browser's, in milliseconds. */
  clockSkewMs(): number;
  /** Opens the stream on the first call. */
  setTopics(topics: readonly EventName[]): void;
  /** Tries again now instead of when the wait is over. */
  retry(): void;
  subscribe(listener: () => void): () => void;
  close(): void;
}

export interface LiveConnectionDeps {
  /** A stream stands after there was none: what was missed meanwhile must be fetched. */
  readonly onOpened: () => void;
  readonly onEvent: <Name extends EventName>(name: Name, payload: EventPayload[Name]) => void;
}

const TICK_MS = 500;

export function createLiveConnection(deps: LiveConnectionDeps): LiveConnection {
  const listeners = new Set<() => void>();
  let state = firstConnection(Date.now());
  let skewMs = 0;
  let topics: readonly EventName[] = [];
  /** The stream that is listened to; a newer one replaces it when it stands. */
  let current: AbortController | null = null;
  let dialling: AbortController | null = null;
  const timer = setInterval(() => send({ kind: 'tick' }), TICK_MS);

  function send(event: ConnectionEvent): void {
    const step = transition(state, event, Date.now());
    const changed = step.state.kind !== state.kind;
    state = step.state;
    for (const effect of step.effects) {
      if (effect === 'hangUp') hangUp();
      else dial();
    }
    if (changed) for (const listener of listeners) listener();
  }

  function hangUp(): void {
    current?.abort();
    dialling?.abort();
    current = null;
    dialling = null;
  }

  function dial(): void {
    dialling?.abort();
    const own = new AbortController();
    dialling = own;
    const isCurrent = (): boolean => current === own;
    const ended = (event: ConnectionEvent): void => {
      if (current === own || dialling === own) send(event);
    };
    listenToEvents(
      topics,
      {
        opened(dateHeader) {
          if (own.signal.aborted) return;
          const wasOpen = state.kind === 'open';
          current?.abort();
          current = own;
          dialling = null;
          skewMs = clockSkewMs(dateHeader, Date.now());
          send({ kind: 'opened' });
          if (!wasOpen) deps.onOpened();
        },
        heard: () => {
          if (isCurrent()) send({ kind: 'heard' });
        },
        event: (name, payload) => {
          if (isCurrent()) deps.onEvent(name, payload);
        },
      },
      own.signal,
    ).then(
      () => ended({ kind: 'lost', problem: 'closed' }),
      (error: unknown) => ended(lossOf(error)),
    );
  }

  return {
    state: () => state,
    clockSkewMs: () => skewMs,
    setTopics(wanted) {
      if (wanted.join() === topics.join()) return;
      topics = wanted;
      if (state.kind === 'connecting' || state.kind === 'open') dial();
    },
    retry: () => send({ kind: 'retry' }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      clearInterval(timer);
      hangUp();
    },
  };
}

function lossOf(error: unknown): ConnectionEvent {
  if (!(error instanceof ApiError)) return { kind: 'lost', problem: 'closed' };
  if (error.code === 'token_required') return { kind: 'refused' };
  return { kind: 'lost', problem: error.kind === 'unexpected' ? 'broken' : 'closed' };
}
