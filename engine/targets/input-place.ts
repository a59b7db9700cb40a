/** Where a file that a workflow names lies in ComfyUI's folders here, and nowhere else: a workflow must not make Stoker send any other file. */
import { lstat, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { AppError } from '../platform/app-error.ts';
import { placeOf } from './input-files.ts';

export interface ComfyFolders {
  readonly input: string | null;
  readonly output: string | null;
  readonly temp: string | null;
}

export interface PlacedInput {
  /** Absolute, links followed. */
  readonly path: string;
  readonly bytes: number;
}

/** @throws AppError invalid_workflow when it is not there or lies outside of its folder */
export async function placeInput(name: string, folders: ComfyFolders): Promise<PlacedInput> {
  const { folder, path } = placeOf(name);
  const base = folders[folder];
  if (base === null) throw missing(name, `Stoker does not know the ${folder} folder of ComfyUI`);
  const file = resolve(base, path);
  if (!isInside(base, file)) throw missing(name, `it lies outside of the ${folder} folder`);
  try {
    const [real, realBase] = [await realpath(file), await realpath(base)];
    // A link that somebody put there on purpose may lead out; a link that only the workflow names may not.
    if (!isInside(realBase, real) && !(await lstat(file)).isSymbolicLink()) {
      throw missing(name, `it lies outside of the ${folder} folder`);
    }
    const found = await stat(real);
    if (!found.isFile()) throw missing(name, `it is no file in ${base}`);
    return { path: real, bytes: found.size };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw missing(name, `it is not in ${base}`);
  }
}

function isInside(base: string, file: string): boolean {
  const path = relative(base, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

const missing = (name: string, why: string): AppError =>
  new AppError('invalid_workflow', `The workflow needs ${name}, but ${why}.`, { details: { file: name } });
