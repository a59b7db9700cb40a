/** Makes names in a folder last: without this a power cut may undo a rename or a link. */
import { open } from 'node:fs/promises';

/** Windows cannot open a folder, and needs no such step on NTFS. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
