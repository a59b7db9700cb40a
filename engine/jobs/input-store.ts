/**
 * Files that come with a job, in a folder of ours below ComfyUI's input folder, by their content: the same twice is one file, and none takes
 * the name of another. Nothing is removed: a job may be run again.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Input, MOST_INPUT_BYTES } from '../../contract/inputs.ts';
import { AppError } from '../platform/app-error.ts';

export interface InputStore {
  /**
   * Resolves when all of it is on disk. @param name where it comes from; only its ending is used
   * @throws AppError no_input_folder, input_too_large
   */
  keep(name: string, content: AsyncIterable<Uint8Array>): Promise<Input>;
}

const FOLDER = 'stoker';

/** @param inputFolder of ComfyUI; null while nobody knows it */
export function createInputStore(inputFolder: () => string | null): InputStore {
  return {
    async keep(name, content) {
      const base = inputFolder();
      if (base === null) throw new AppError('no_input_folder', "Stoker does not know ComfyUI's input folder.");
      const folder = join(base, FOLDER);
      await mkdir(folder, { recursive: true });
      const temporary = join(folder, `.unfinished-${randomUUID()}`);
      try {
        const { sha256, bytes } = await write(temporary, content);
        const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0].toLowerCase() ?? '';
        const filename = `${sha256.slice(0, 24)}${ending}`;
        await rename(temporary, join(folder, filename));
        return { name: `${FOLDER}/${filename}`, bytes };
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
  };
}

async function write(file: string, content: AsyncIterable<Uint8Array>): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(file, 'wx');
  try {
    for await (const chunk of content) {
      bytes += chunk.length;
      if (bytes > MOST_INPUT_BYTES) {
        throw new AppError('input_too_large', `The file has more than ${MOST_INPUT_BYTES} bytes.`);
      }
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}
