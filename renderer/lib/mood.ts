/** What a person should understand at a glance, and what they can do now. Pure: a status in, words' keys out. */
import type { Status } from '../../contract/status.ts';
import type { ActionName, Mood } from '../../strings/vocabulary.ts';
import { assertNever } from './assert-never.ts';

export interface Actions {
  /** The one thing most people want now. */
  readonly primary: ActionName | null;
  /** Shown as buttons beside it. */
  readonly beside: readonly ActionName[];
  /** Shown in the "More" menu. */
  readonly more: readonly ActionName[];
}

export function moodOf(status: Status): Mood {
  switch (status.state) {
    case 'stopped':
      if (!status.installation.configured) return 'unconfigured';
      return isLent(status) ? 'lent' : 'asleep';
    case 'failed':
      return status.error?.code === 'not_configured' ? 'unconfigured' : 'failed';
    case 'starting':
      return 'waking';
    case 'running':
      if (status.queue.running + status.queue.pending > 0) return 'working';
      return isLent(status) ? 'lent' : 'ready';
    case 'stopping':
    case 'backingOff':
      return status.state;
    default:
      return assertNever(status.state);
  }
}

/** While a running prompt is finished first, ComfyUI still has the card. */
const isLent = (status: Status): boolean => status.courtesy.state === 'yielded';

export function actionsFor(status: Status): Actions {
  const mood = moodOf(status);
  switch (mood) {
    case 'unconfigured':
    case 'stopping':
      return { primary: null, beside: [], more: [] };
    case 'asleep':
      return { primary: 'start', beside: [], more: ['startWithoutCustomNodes', 'pause'] };
    case 'lent':
      return { primary: 'resume', beside: [], more: [] };
    case 'waking':
      return { primary: 'cancelStart', beside: [], more: [] };
    case 'ready':
    case 'working':
      return status.courtesy.state === 'none'
        ? { primary: 'sleep', beside: ['free'], more: ['pause', 'restart', 'restartWithoutCustomNodes'] }
        : { primary: 'sleep', beside: ['resume'], more: ['restart', 'restartWithoutCustomNodes'] };
    case 'backingOff':
      return { primary: 'tryNow', beside: [...withoutCustomNodes(status), 'stopTrying'], more: [] };
    case 'failed':
      return { primary: 'tryAgain', beside: withoutCustomNodes(status), more: [] };
    default:
      return assertNever(mood);
  }
}

function withoutCustomNodes(status: Status): readonly ActionName[] {
  return status.error?.offerWithoutCustomNodes === true ? ['startWithoutCustomNodes'] : [];
}
