/** Why ComfyUI is in its state, as the one sentence that status, tray and command line show. Pure. */
import type { StartReason, StopReason, SupervisorState } from '../../contract/supervisor-state.ts';
import { assertNever } from '../platform/assert-never.ts';

const STARTED: Record<StartReason, string> = {
  user: 'you asked for it',
  request: 'a request needed it',
  restart: 'it was restarted',
  crashRecovery: 'it had crashed',
  adopted: 'it was left running by an earlier Stoker and taken over',
  settings: 'the settings changed',
  launch: 'Stoker starts it with itself',
  cardBack: 'the card is back',
};

const STOPPED: Record<StopReason, string> = {
  neverStarted: 'Not started yet',
  user: 'Stopped because you asked for it',
  idle: 'Asleep: nothing needed it for the idle time',
  queueDone: 'Stopped because the queue was done',
  restart: 'Stopped for a restart',
  settings: 'Stopped because the settings changed',
  shutdown: 'Stopped because Stoker was shutting down',
  exited: 'ComfyUI ended by itself',
  startCancelled: 'The start was cancelled',
  yielded: 'Stopped to leave the card to others',
};

/** A sentence with a full stop. */
export function stateReason(state: SupervisorState): string {
  switch (state.kind) {
    case 'stopped':
      return `${STOPPED[state.reason]}.`;
    case 'starting':
      return state.attempt > 1
        ? `Starting again (try ${state.attempt}) because ${STARTED[state.reason]}.`
        : `Starting because ${STARTED[state.reason]}.`;
    case 'running':
      return state.withoutCustomNodes
        ? `Running without custom nodes because ${STARTED[state.reason]}.`
        : `Running because ${STARTED[state.reason]}.`;
    case 'stopping':
      return 'Stopping: waiting for ComfyUI and everything it started to end.';
    case 'backingOff':
    case 'failed':
      return state.error.message;
    default:
      return assertNever(state);
  }
}

/** The stable code behind the sentence: the start or stop reason, or the error code. */
export function stateReasonCode(state: SupervisorState): string {
  return state.kind === 'backingOff' || state.kind === 'failed' ? state.error.code : state.reason;
}
