/**
 * Writes one result into a folder that is not ours: whole or not at all, under a name that nothing has, and once however often it is tried.
 * A PNG gets texts put inside. It decides no names but the way out of a taken one.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withTexts } from '../comfyui/png-metadata.ts';
import { codeOf } from '../platform/error-code.ts';
import { syncFolder } from '../platform/sync-folder.ts';
import { anotherName } from './home-names.ts';

/** All that comes before the pixels, other texts among it. */
const MOST_HEAD_BYTES = 8 * 1024 * 1024;
const MOST_NAMES = 20;

/**
 * On return it is on disk. Rejects, leaving nothing behind, when the disk refuses.
 * @param name the same for the same result: its unfinished file, which a crash may have left, is made anew
 * @returns the name it has: another when a stranger's file had this one
 */
export async function writeNewFile(
  source: string,
  folder: string,
  name: string,
  texts: Readonly<Record<string, string>>,
): Promise<string> {
  const unfinished = join(folder, `.${name}.part`);
  await rm(unfinished, { force: true });
  try {
    const handle = await open(unfinished, 'wx');
    try {
      await copyWithTexts(source, handle, texts);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return await settle(unfinished, folder, name);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function copyWithTexts(source: string, to: FileHandle, texts: Readonly<Record<string, string>>): Promise<void> {
  const change = withTexts(await startOf(source), texts);
  if (change !== null) await to.writeFile(change.head);
  for await (const chunk of createReadStream(source, { start: change?.replacedBytes ?? 0 })) {
    await to.writeFile(chunk as Buffer);
  }
}

async function startOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const start = Buffer.alloc(Math.min(MOST_HEAD_BYTES, (await handle.stat()).size));
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    return start.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Gives the finished file its name, or finds that an earlier try has done so. @returns the name */
async function settle(temporary: string, place: string, filename: string): Promise<string> {
  for (let attempt = 1; attempt <= MOST_NAMES; attempt += 1) {
    const name = attempt === 1 ? filename : anotherName(filename, attempt);
    const wanted = join(place, name);
    if (await appears(temporary, wanted)) {
      await syncFolder(place);
      return name;
    }
    if (await isSame(temporary, wanted)) return name;
  }
  throw new Error('every name is taken');
}

/** False when there is something of that name. */
async function appears(temporary: string, wanted: string): Promise<boolean> {
  try {
    await link(temporary, wanted);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // A file system without links (exFAT, some shares): a look first. The name has the job's id in it; nobody else is after it.
    if (
      await lstat(wanted).then(
        () => true,
        () => false,
      )
    )
      return false;
    await rename(temporary, wanted);
    return true;
  }
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [facts, otherFacts] = [await stat(one), await lstat(other)];
  if (!otherFacts.isFile() || facts.size !== otherFacts.size) return false;
  return (await hashOf(one)) === (await hashOf(other));
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
