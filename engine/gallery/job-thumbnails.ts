/** A small picture of what a job made, for a list of jobs: of its first picture that lies on this computer. Reads alone, wakes nothing. */
import type { Jobs } from '../jobs/jobs.ts';
import type { Thumbnails } from './thumbnails.ts';

export interface JobThumbnails {
  /**
   * @param signal nobody waits for it any more
   * @returns where the small picture (WebP) lies; null when there is none
   */
  of(jobId: string, signal: AbortSignal): Promise<string | null>;
}

export interface JobThumbnailsDeps {
  readonly jobs: Pick<Jobs, 'openResult'> & { readonly store: Pick<Jobs['store'], 'job'> };
  readonly thumbnails: Pick<Thumbnails, 'of'>;
}

/** A job that made a hundred pictures, all of them gone since, is not looked through for one. */
const MOST_LOOKED_AT = 4;

export function createJobThumbnails({ jobs, thumbnails }: JobThumbnailsDeps): JobThumbnails {
  return {
    async of(jobId, signal) {
      const pictures = jobs.store.job(jobId)?.files.filter(({ type }) => type.startsWith('image/')) ?? [];
      for (const picture of pictures.slice(0, MOST_LOOKED_AT)) {
        const file = await jobs.openResult(picture).catch(() => null);
        if (file !== null && file.path !== null) return thumbnails.of(file.path, signal);
      }
      return null;
    },
  };
}
