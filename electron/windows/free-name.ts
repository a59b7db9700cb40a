/** Under which name a file is saved, so that nothing is ever overwritten. */
import { basename, extname, join } from 'node:path';

/** `picture.png`, else `picture (1).png` and so on. @param suggested of the page; only its last part is used */
export function freeName(folder: string, suggested: string, isTaken: (path: string) => boolean): string {
  const name = basename(suggested) || 'download';
  const extension = extname(name);
  const stem = basename(name, extension);
  let path = join(folder, name);
  for (let count = 1; isTaken(path); count += 1) path = join(folder, `${stem} (${count})${extension}`);
  return path;
}
