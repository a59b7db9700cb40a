/** The first picture of a job that Stoker keeps a copy of. What only lies in ComfyUI's folders is shown smaller by ComfyUI itself. */
import type { JobOutput } from '../../contract/jobs.ts';
import { readBounded } from '../platform/bounded-body.ts';
import type { ResultFile } from './content-store.ts';
import type { JobStore } from './store.ts';

/** What the shell takes at most. */
const MOST_BYTES = 8 * 1024 * 1024;

/** @returns null when it made none, or it is not to be had now */
export async function jobPicture(
  store: Pick<JobStore, 'job'>,
  open: (output: JobOutput) => Promise<ResultFile | null>,
  id: string,
): Promise<{ readonly contentType: string; readonly bytes: Buffer } | null> {
  const image = store
    .job(id)
    ?.files.find(({ type, bytes, sha256 }) => sha256 !== null && type.startsWith('image/') && bytes <= MOST_BYTES);
  const file = image === undefined ? null : await open(image).catch(() => null);
  if (image === undefined || file === null) return null;
  const bytes = await readBounded(file.stream(), MOST_BYTES).catch(() => null);
  return bytes === null ? null : { contentType: image.type, bytes };
}
