/**
 * Makes the request of a job before any money is spent: reads the files its workflow names, gives them names of their own on the worker,
 * and measures what would be sent. What cannot be sent is said with the file or the size, and nothing is sent.
 */
import { createHash } from 'node:crypto';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Workflow } from '../../../contract/jobs.ts';
import { AppError } from '../../platform/app-error.ts';
import { inputReferences, nameOnWorker, placeOf, renameInputs } from './input-files.ts';

export interface PackagedJob {
  readonly input: {
    readonly workflow: Workflow;
    readonly images?: readonly { readonly name: string; readonly image: string }[];
  };
  /** Of the whole request. */
  readonly bytes: number;
  /** The inputs that go with it, as the workflow names them. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

export interface ComfyFolders {
  readonly input: string | null;
  readonly output: string | null;
  readonly temp: string | null;
}

/** RunPod takes 10 MB in one `/run`; the rest is for policy and JSON around it. */
export const MOST_REQUEST_BYTES = 10 * 1024 * 1024 - 64 * 1024;

/** @throws AppError invalid_workflow when a file is missing or lies outside of its folder, runpod_too_large with the sizes */
export async function packageJob(workflow: Workflow, folders: ComfyFolders, catalogue: unknown): Promise<PackagedJob> {
  const references = inputReferences(workflow, catalogue);
  const names = new Map<string, string>();
  const images = new Map<string, { name: string; image: string; from: string; bytes: number }>();
  for (const { name } of references) {
    if (names.has(name)) continue;
    const content = await readInput(name, folders);
    const onWorker = nameOnWorker(name, createHash('sha256').update(content).digest('hex'));
    names.set(name, onWorker);
    images.set(onWorker, { name: onWorker, image: content.toString('base64'), from: name, bytes: content.length });
  }
  const input = {
    workflow: renameInputs(workflow, references, names),
    ...(images.size === 0 ? {} : { images: [...images.values()].map(({ name, image }) => ({ name, image })) }),
  };
  const bytes = Buffer.byteLength(JSON.stringify({ input }));
  if (bytes > MOST_REQUEST_BYTES) throw tooLarge(bytes, [...images.values()]);
  return { input, bytes, files: [...images.values()].map(({ from, bytes: size }) => ({ name: from, bytes: size })) };
}

async function readInput(name: string, folders: ComfyFolders): Promise<Buffer> {
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
    return await readFile(real);
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

function tooLarge(bytes: number, images: readonly { from: string; bytes: number }[]): AppError {
  const largest = [...images].sort((one, other) => other.bytes - one.bytes).slice(0, 5);
  const list = largest.map((image) => `${image.from} ${megabytes(image.bytes)}`).join(', ');
  const files = list === '' ? '' : ` Its files: ${list}.`;
  return new AppError(
    'runpod_too_large',
    `The request would be ${megabytes(bytes)}; RunPod takes ${megabytes(MOST_REQUEST_BYTES)} at once.${files}`,
    { details: { bytes, files: Object.fromEntries(images.map((image) => [image.from, image.bytes])) } },
  );
}

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`;
