/** The first picture that a job made, from Stoker's own copy. */
import { readFile } from 'node:fs/promises';
import type { ContentStore } from './content-store.ts';
import type { JobStore } from './store.ts';

/** What the shell takes at most. */
const MOST_BYTES = 8 * 1024 * 1024;

/** @returns null when it made none, or it lies in ComfyUI's folder alone */
export async function jobPicture(
  store: Pick<JobStore, 'job'>,
  content: Pick<ContentStore, 'pathOf'>,
  id: string,
): Promise<{ readonly contentType: string; readonly bytes: Buffer } | null> {
  const image = store.job(id)?.files.find(({ type, bytes }) => type.startsWith('image/') && bytes <= MOST_BYTES);
  if (image === undefined || image.sha256 === null) return null;
  const bytes = await readFile(content.pathOf(image.sha256)).catch(() => null);
  return bytes === null ? null : { contentType: image.type, bytes };
}
