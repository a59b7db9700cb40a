/** What a change of state is called in the list of events: one sentence a person reads. Pure. */
import type { BootPhase, StartReason, StopReason, SupervisorState } from '../../contract/supervisor-state.ts';
import { assertNever } from '../platform/assert-never.ts';

const STARTS: Readonly<Record<StartReason, string>> = {
  user: 'Starting ComfyUI, as you asked',
  request: 'Waking ComfyUI for a request',
  restart: 'ComfyUI restarts',
  crashRecovery: 'Starting ComfyUI again after a crash',
  adopted: 'Waiting for a ComfyUI that an earlier Stoker had started',
  settings: 'Starting ComfyUI with the new settings',
  launch: 'Starting ComfyUI together with Stoker',
  cardBack: 'Starting ComfyUI again: the card is back',
};

const STOPS: Readonly<Record<StopReason, string>> = {
  neverStarted: 'Stopping ComfyUI',
  user: 'Stopping ComfyUI, as you asked',
  idle: 'Putting ComfyUI to sleep: nothing needs it',
  queueDone: 'Stopping ComfyUI: its queue is done',
  restart: 'Stopping ComfyUI to start it again',
  settings: 'Stopping ComfyUI: the settings changed',
  shutdown: 'Stopping ComfyUI: Stoker is shutting down',
  exited: 'Stopping ComfyUI',
  startCancelled: 'Calling off the start of ComfyUI',
  yielded: 'Stopping ComfyUI to leave the card to others',
};

const PHASES: Readonly<Record<BootPhase, string>> = {
  launching: 'ComfyUI is being launched',
  python: 'ComfyUI: Python is loading',
  torch: 'ComfyUI: PyTorch is loading',
  customNodes: 'ComfyUI: custom nodes are being imported',
  server: 'ComfyUI: the server is starting',
};

/** @param now epoch milliseconds */
export function transitionMessage(from: SupervisorState, to: SupervisorState, now: number): string {
  switch (to.kind) {
    case 'stopped':
      return stoppedMessage(from, to.reason);
    case 'starting': {
      if (from.kind === 'starting' && from.since === to.since) {
        return to.detail === null ? `${PHASES[to.phase]}.` : `${PHASES[to.phase]} (${to.detail}).`;
      }
      return `${STARTS[to.reason]}${to.attempt > 1 ? ` (try ${to.attempt})` : ''}.`;
    }
    case 'running': {
      const without = to.withoutCustomNodes ? ' without custom nodes' : '';
      if (from.kind !== 'starting') return `Took over the ComfyUI that an earlier Stoker had started${without}.`;
      return `ComfyUI is ready${without} after ${((now - from.since) / 1000).toFixed(1)} s.`;
    }
    case 'stopping':
      return `${STOPS[to.reason]}.`;
    case 'backingOff': {
      const seconds = Math.max(1, Math.round((to.retryAt - now) / 1000));
      return `${to.error.message} Trying again in ${seconds} s.`;
    }
    case 'failed':
      return to.error.message;
    default:
      return assertNever(to);
  }
}

function stoppedMessage(from: SupervisorState, reason: StopReason): string {
  if (reason === 'exited') return 'ComfyUI ended by itself.';
  if (from.kind === 'backingOff') return 'ComfyUI stays stopped: no further try.';
  if (from.kind === 'failed') return 'ComfyUI stays stopped.';
  if (reason === 'idle') return 'ComfyUI sleeps; the card is free.';
  return reason === 'startCancelled' ? 'The start of ComfyUI was called off.' : 'ComfyUI is stopped.';
}
