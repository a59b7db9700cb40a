/** How things stand in one word: what icon, tooltip and menu of the tray are chosen by. Pure. */
import type { Status } from '../../contract/status.ts';
import type { EngineState } from '../engine/engine-link.ts';

/**
 * `finishing`: the running prompt is the last before the card is given away. `paused`: the user gave it away, `lent`: something
 * else did. `engineGone`: Stoker's own engine was given up.
 */
export type Situation =
  | 'engineStarting'
  | 'engineRestarting'
  | 'engineGone'
  | 'ending'
  | 'unconfigured'
  | 'asleep'
  | 'waking'
  | 'ready'
  | 'working'
  | 'stopping'
  | 'finishing'
  | 'paused'
  | 'lent'
  | 'backingOff'
  | 'failed';

export function situationOf(engine: EngineState, status: Status | null): Situation {
  switch (engine.kind) {
    case 'starting':
      return 'engineStarting';
    case 'restarting':
      return 'engineRestarting';
    case 'gaveUp':
      return 'engineGone';
    case 'ending':
      return 'ending';
    case 'connected':
      return status === null ? 'engineStarting' : situationOfComfyui(status);
  }
}

function situationOfComfyui(status: Status): Situation {
  switch (status.state) {
    case 'failed':
      return status.error?.code === 'not_configured' ? 'unconfigured' : 'failed';
    case 'backingOff':
    case 'stopping':
      return status.state;
    case 'starting':
      return 'waking';
    case 'stopped':
      if (!status.installation.configured) return 'unconfigured';
      return status.courtesy.state === 'none' ? 'asleep' : givenAway(status);
    case 'running':
      if (status.courtesy.state === 'yielded') return givenAway(status);
      if (status.courtesy.state === 'draining') return 'finishing';
      return status.queue.running + status.queue.pending > 0 ? 'working' : 'ready';
  }
}

const givenAway = ({ courtesy }: Status): Situation => (courtesy.cause === 'paused' ? 'paused' : 'lent');
