/** The way of an update from "nothing new" to "ready", and what ComfyUI's work means for it. Pure. */
import type { UpdateState } from '../../contract/desktop.ts';
import type { Status } from '../../contract/status.ts';
import type { EngineState } from '../engine/engine-link.ts';

export type UpdateEvent =
  | { readonly kind: 'checking' }
  | { readonly kind: 'nothingNewer'; readonly at: number }
  | { readonly kind: 'found'; readonly version: string }
  | { readonly kind: 'progress'; readonly percent: number }
  | { readonly kind: 'downloaded'; readonly version: string; readonly notes: string; readonly waitsForWork: boolean }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'work'; readonly waitsForWork: boolean };

/** The same object when nothing changes. A ready update stays ready until a newer one is found. */
export function nextUpdateState(state: UpdateState, event: UpdateEvent): UpdateState {
  if (state.kind === 'unsupported') return state;
  switch (event.kind) {
    case 'checking':
      return state.kind === 'ready' || state.kind === 'downloading' ? state : { kind: 'checking' };
    case 'nothingNewer':
      return state.kind === 'ready' ? state : { kind: 'idle', checkedAt: event.at };
    case 'found':
      return state.kind === 'ready' && state.version === event.version
        ? state
        : { kind: 'downloading', version: event.version, percent: 0 };
    case 'progress': {
      if (state.kind !== 'downloading') return state;
      const percent = Math.round(event.percent);
      return percent === state.percent ? state : { ...state, percent };
    }
    case 'downloaded':
      return { kind: 'ready', version: event.version, notes: event.notes, waitsForWork: event.waitsForWork };
    case 'failed':
      return state.kind === 'ready' ? state : { kind: 'failed', message: event.message };
    case 'work':
      if (state.kind !== 'ready' || state.waitsForWork === event.waitsForWork) return state;
      return { ...state, waitsForWork: event.waitsForWork };
  }
}

/** Installing ends ComfyUI: not while it has work, and not while nobody knows whether it has. */
export function waitsForWork(engine: EngineState, status: Status | null): boolean {
  if (engine.kind === 'gaveUp') return false;
  if (engine.kind !== 'connected' || status === null) return true;
  return status.queue.running + status.queue.pending > 0 || status.gateway.heldRequests > 0;
}
