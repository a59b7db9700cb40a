/**
 * Which ComfyUI the relay speaks to, and what became of it: follows the supervisor, whether its word comes by a transition
 * or somebody asks first. Knows nothing of clients.
 */
import type { ComfyAddress, Supervisor, Transition } from '../supervisor/supervisor.ts';
import type { Loss } from './websocket-transcript.ts';

export interface Presence {
  /** The ComfyUI that runs; null while none does. */
  address(): ComfyAddress | null;
  /** Looks at once, without waiting to be told. */
  look(): void;
  close(): void;
}

export interface PresenceDeps {
  readonly supervisor: Pick<Supervisor, 'address' | 'onTransition'>;
  readonly onReady: () => void;
  /** It is ending; what it still says is heard. */
  readonly onGoing: () => void;
  /** Nothing is left of it. Comes after every `onGoing`, before the next `onReady`. */
  readonly onGone: (loss: Loss) => void;
}

export function followPresence({ supervisor, onReady, onGoing, onGone }: PresenceDeps): Presence {
  let address: ComfyAddress | null = null;
  let going = false;

  function look(): void {
    const now = supervisor.address();
    if (now?.generation === address?.generation) return;
    if (address !== null) {
      address = null;
      going = true;
      onGoing();
    }
    if (now !== null) {
      bury({ kind: 'stopped' });
      address = now;
      onReady();
    }
  }

  function bury(loss: Loss): void {
    if (!going) return;
    going = false;
    onGone(loss);
  }

  function follow(transition: Transition): void {
    look();
    // A stop may end in a failure (a hung process is stopped too): what happened is known when it is over.
    if (transition.to.kind !== 'stopping') bury(lossOf(transition));
  }

  const stopFollowing = supervisor.onTransition(follow);
  return { address: () => address, look, close: stopFollowing };
}

function lossOf({ to }: Transition): Loss {
  if (to.kind === 'failed' || to.kind === 'backingOff') return { kind: 'failed', message: to.error.message };
  return { kind: 'stopped' };
}
