/** What a person should understand at a glance, and what they can do now. Pure: a status in, words' keys out. */
import type { Status } from '../../contract/status.ts';
import { assertNever } from './assert-never.ts';

/** How ComfyUI is, in the user's terms; `working` is running with something in the queue. */
export type Mood = 'unconfigured' | 'asleep' | 'waking' | 'ready' | 'working' | 'stopping' | 'backingOff' | 'failed';

export type ActionName =
  | 'start'
  | 'tryAgain'
  | 'tryNow'
  | 'startWithoutCustomNodes'
  | 'cancelStart'
  | 'sleep'
  | 'stopTrying'
  | 'restart'
  | 'restartWithoutCustomNodes'
  | 'free';

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
      return status.installation.configured ? 'asleep' : 'unconfigured';
    case 'failed':
      return status.error?.code === 'not_configured' ? 'unconfigured' : 'failed';
    case 'starting':
      return 'waking';
    case 'running':
      return status.queue.running + status.queue.pending > 0 ? 'working' : 'ready';
    case 'stopping':
    case 'backingOff':
      return status.state;
    default:
      return assertNever(status.state);
  }
}

export function actionsFor(status: Status): Actions {
  const mood = moodOf(status);
  switch (mood) {
    case 'unconfigured':
    case 'stopping':
      return { primary: null, beside: [], more: [] };
    case 'asleep':
      return { primary: 'start', beside: [], more: ['startWithoutCustomNodes'] };
    case 'waking':
      return { primary: 'cancelStart', beside: [], more: [] };
    case 'ready':
    case 'working':
      return { primary: 'sleep', beside: ['free'], more: ['restart', 'restartWithoutCustomNodes'] };
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
