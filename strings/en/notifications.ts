/** Words of the system's notifications: a short title, and a body that may be missing. */
import { list, plural } from './grammar.ts';

/** Of a job: `42 s`, `12 min`. */
const span = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;

export const notificationWords = {
  jobs: {
    /** "12 images ready, 1 failed". A job without an image still is a job. */
    title: ({ done, failed, images }: { done: number; failed: number; images: number }): string => {
      if (done === 0) return failed === 1 ? 'A job failed' : `${failed} jobs failed`;
      const ready = images > 0 ? `${plural(images, 'image', 'images')} ready` : `${plural(done, 'job', 'jobs')} done`;
      return failed === 0 ? ready : `${ready}, ${failed} failed`;
    },
    /** @param more names that are not shown @param seconds it ran, where one job is told and that is known */
    body: (names: readonly string[], more: number, seconds: number | null): string => {
      const named = list(more > 0 ? [...names, `${more} more`] : names);
      return [named, seconds === null ? '' : span(seconds)].filter((part) => part !== '').join(', ');
    },
  },
  offloadOffered: (waiting: number, target: string) => ({
    title: `${plural(waiting, 'job waits', 'jobs wait')} for this computer`,
    body: `Move them to ${target}?`,
  }),
  /** @param sentence the engine's own */
  budgetReached: (target: string, sentence: string) => ({
    title: `The limit of ${target} is reached: jobs wait`,
    body: sentence,
  }),
  /** @param code of the engine @param sentence its own words */
  crashed: (_code: string, sentence: string) => ({ title: 'ComfyUI crashed and starts again', body: sentence }),
  failed: (_code: string, sentence: string) => ({ title: 'ComfyUI does not run', body: sentence }),
  woke: { title: 'ComfyUI is awake', body: '' },
  slept: { title: 'ComfyUI sleeps', body: 'The card is free.' },
  engineGone: (reason: string) => ({ title: 'Stoker’s engine does not run', body: reason }),
};
export type NotificationWords = typeof notificationWords;
