/** Sends the files a workflow names to another ComfyUI, and names them as they are called there. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Workflow } from '../../../contract/jobs.ts';
import { AppError } from '../../platform/app-error.ts';
import { inputReferences, nameOnTarget, renameInputs } from '../input-files.ts';
import { type ComfyFolders, type PlacedInput, placeInput } from '../input-place.ts';
import type { UploadedFile } from './prompt-api.ts';

/**
 * What is not here may be there already: its name stays, and the server says whether it knows it. Each content is sent once.
 * @param upload resolves with the name under which a workflow finds it there
 */
export async function uploadInputs(
  workflow: Workflow,
  folders: ComfyFolders,
  upload: (file: UploadedFile) => Promise<string>,
): Promise<Workflow> {
  const references = inputReferences(workflow, null);
  const names = new Map<string, string>();
  const sent = new Map<string, string>();
  for (const { name } of references) {
    if (names.has(name)) continue;
    const place = await placeInput(name, folders).catch(nowhere);
    if (place === null) continue;
    const uploaded = nameOnTarget(name, await sha256Of(place.path));
    const known = sent.get(uploaded) ?? (await upload({ name: uploaded, ...place }));
    sent.set(uploaded, known);
    names.set(name, known);
  }
  return renameInputs(workflow, references, names);
}

function nowhere(error: unknown): PlacedInput | null {
  if (error instanceof AppError && error.code === 'invalid_workflow') return null;
  throw error;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
