/** The jobs on show: one card each, followed to the end, remembered over a reload, and gone some seconds after a good end. */
import type { Endpoint } from '../../../contract/endpoints.ts';
import { createJobCard } from './job-card.ts';
import { faceOf, hasEnded, type JobNow } from './job-face.ts';
import type { JobFollower } from './job-follower.ts';
import type { Overlay } from './overlay.ts';
import { remembered } from './remembered.ts';
import { deepestFirst } from './result-order.ts';
import { stoker, Trouble } from './stoker-api.ts';
import { WORDS } from './words.ts';

export interface ShownJobs {
  show(id: string, endpoint: Endpoint['name'] | null, mostMicroDollars: number | null): void;
}

const DONE_SECONDS = 20;
const CANCELLED_SECONDS = 5;

export function createShownJobs(overlay: Overlay, follower: JobFollower): ShownJobs {
  return {
    show(id, endpoint, mostMicroDollars) {
      let keep = (): unknown => undefined;
      let headline = '';
      const card = createJobCard({
        cancel: () => void act(stoker.cancel),
        retry: () => void act(stoker.retry).then(begin),
        close,
      });

      function close(): void {
        follower.forget(id);
        remembered.removeJob(id);
        overlay.remove(card.element);
      }

      async function act(action: (id: string) => Promise<unknown>): Promise<void> {
        await action(id).catch((error: unknown) => card.showProblem(wordsOf(error)));
      }

      function begin(): void {
        keep();
        card.showFiles(id, []);
        follower.follow(id, (job) => (job === null ? gone() : show(job)));
      }

      function gone(): void {
        card.showProblem(WORDS.gone);
        remembered.removeJob(id);
        keep = overlay.fade(card.element, CANCELLED_SECONDS, () => undefined);
      }

      function show(job: JobNow): void {
        const face = faceOf(job, mostMicroDollars);
        const target = 'target' in job.state ? job.state.target : (endpoint ?? job.wantedTarget);
        card.show(titleOf(target, job.title), face);
        if (face.headline !== headline) overlay.say(`${job.title ?? target}: ${face.headline}`);
        headline = face.headline;
        if (!hasEnded(job.state)) return;
        if (job.state.kind === 'completed') void showFiles();
        if (job.state.kind === 'completed' || job.state.kind === 'cancelled') {
          const seconds = job.state.kind === 'completed' ? DONE_SECONDS : CANCELLED_SECONDS;
          keep = overlay.fade(card.element, seconds, () => remembered.removeJob(id));
        }
      }

      async function showFiles(): Promise<void> {
        const job = await stoker.job(id).catch(() => null);
        if (job !== null) card.showFiles(id, deepestFirst(job.files, job.workflow));
      }

      remembered.addJob({ id, mostMicroDollars });
      card.show(titleOf(endpoint, null), UNKNOWN);
      overlay.add(card.element);
      begin();
    },
  };
}

const titleOf = (target: string | null, title: string | null): string =>
  [target === null ? null : WORDS.onEndpoint(target), title].filter((part) => part !== null).join(' · ');

/** Until the first word of it. */
const UNKNOWN = {
  tone: 'busy',
  headline: WORDS.queued,
  details: [],
  progress: null,
  cost: null,
  since: null,
  canCancel: false,
  canRetry: false,
} as const;

export const wordsOf = (error: unknown): string =>
  error instanceof Trouble ? [error.message, error.next].filter(Boolean).join(' ') : String(error);
