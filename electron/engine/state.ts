/**
 * The life of the engine as the shell sees it: found or started, connected, started again at most five times, given up, ended.
 * Pure: what is to be done comes out as effects, which engine-host.ts carries out. Drawn in docs/state-machines.md.
 */
import { assertNever } from '../assert-never.ts';

/** Connected this long, it is taken for healthy: the next trouble is a first one again. */
export const STABLE_AFTER_MS = 5 * 60_000;
/** The first restart comes at once: most often somebody ended the process. */
const RESTART_DELAYS_MS = [0, 1_000, 2_000, 4_000, 8_000] as const;

export type HostState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'connected'; readonly url: string; readonly ours: boolean }
  | { readonly kind: 'restarting'; readonly attempt: number; readonly reason: string }
  /** `code` of contract/errors.ts where the engine said one. */
  | { readonly kind: 'gaveUp'; readonly reason: string; readonly code: string | null }
  | { readonly kind: 'ending' };

export interface Host {
  readonly state: HostState;
  /** Since it was last healthy. */
  readonly restarts: number;
}

export type HostEvent =
  | { readonly kind: 'answered'; readonly url: string; readonly ours: boolean }
  /** `final`: starting it again cannot help, for example because its port is taken. */
  | { readonly kind: 'lost'; readonly reason: string; readonly code: string | null; readonly final: boolean }
  | { readonly kind: 'provedStable' }
  /** By the user after it was given up, or when an end was called off or was there to start it another way. */
  | { readonly kind: 'startWanted' }
  | { readonly kind: 'endWanted' };

export type HostEffect =
  /** Look for a running engine after the delay, and start one where there is none. */
  | { readonly kind: 'open'; readonly delayMs: number }
  /** Follow its events, and see whether it stays. */
  | { readonly kind: 'follow' }
  /** Neither look, nor start, nor follow any more. */
  | { readonly kind: 'letGo' };

export interface HostStep {
  readonly host: Host;
  readonly effects: readonly HostEffect[];
}

export const initialHost: Host = { state: { kind: 'starting' }, restarts: 0 };

export function transition(host: Host, event: HostEvent): HostStep {
  const { state } = host;
  switch (event.kind) {
    case 'answered':
      if (state.kind !== 'starting' && state.kind !== 'restarting') return unchanged(host);
      return step({ kind: 'connected', url: event.url, ours: event.ours }, host.restarts, { kind: 'follow' });
    case 'lost':
      if (state.kind === 'gaveUp' || state.kind === 'ending') return unchanged(host);
      return afterLoss(host.restarts + 1, event);
    case 'provedStable':
      return state.kind === 'connected' ? { host: { state, restarts: 0 }, effects: [] } : unchanged(host);
    case 'startWanted':
      if (state.kind !== 'gaveUp' && state.kind !== 'ending') return unchanged(host);
      return step({ kind: 'starting' }, 0, { kind: 'open', delayMs: 0 });
    case 'endWanted':
      return state.kind === 'ending' ? unchanged(host) : step({ kind: 'ending' }, host.restarts, { kind: 'letGo' });
    default:
      return assertNever(event);
  }
}

function afterLoss(attempt: number, { reason, code, final }: Extract<HostEvent, { kind: 'lost' }>): HostStep {
  const delayMs = RESTART_DELAYS_MS[attempt - 1];
  if (final || delayMs === undefined) return step({ kind: 'gaveUp', reason, code }, attempt - 1, { kind: 'letGo' });
  return step({ kind: 'restarting', attempt, reason }, attempt, { kind: 'letGo' }, { kind: 'open', delayMs });
}

const unchanged = (host: Host): HostStep => ({ host, effects: [] });
const step = (state: HostState, restarts: number, ...effects: HostEffect[]): HostStep => ({
  host: { state, restarts },
  effects,
});
