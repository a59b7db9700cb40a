/**
 * Makes the request of a job before any money is spent: reads the files its workflow names, gives them names of their own on the worker,
 * and measures what would be sent. What cannot be sent is said with the file or the size, and nothing is sent.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { stringifyExactly } from '../../../contract/exact-json.ts';
import type { Workflow } from '../../../contract/jobs.ts';
import { AppError } from '../../platform/app-error.ts';
import { inputReferences, nameOnTarget, renameInputs } from '../input-files.ts';
import { type ComfyFolders, placeInput } from '../input-place.ts';

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

/** RunPod takes 10 MB in one `/run`; the rest is for policy and JSON around it. */
export const MOST_REQUEST_BYTES = 10 * 1024 * 1024 - 64 * 1024;

/** @throws AppError invalid_workflow when a file is missing or lies outside of its folder, runpod_too_large with the sizes */
export async function packageJob(workflow: Workflow, folders: ComfyFolders, catalogue: unknown): Promise<PackagedJob> {
  const references = inputReferences(workflow, catalogue);
  const names = new Map<string, string>();
  const images = new Map<string, { name: string; image: string; from: string; bytes: number }>();
  for (const { name } of references) {
    if (names.has(name)) continue;
    const content = await readFile((await placeInput(name, folders)).path);
    const onWorker = nameOnTarget(name, createHash('sha256').update(content).digest('hex'));
    names.set(name, onWorker);
    images.set(onWorker, { name: onWorker, image: content.toString('base64'), from: name, bytes: content.length });
  }
  const input = {
    workflow: renameInputs(workflow, references, names),
    ...(images.size === 0 ? {} : { images: [...images.values()].map(({ name, image }) => ({ name, image })) }),
  };
  const bytes = Buffer.byteLength(stringifyExactly({ input }));
  if (bytes > MOST_REQUEST_BYTES) throw tooLarge(bytes, [...images.values()]);
  return { input, bytes, files: [...images.values()].map(({ from, bytes: size }) => ({ name: from, bytes: size })) };
}

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
