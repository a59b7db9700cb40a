/**
 * What must be as it was for the kept page to be opened: which ComfyUI it is, how it is launched, and the versions on disk. Custom nodes
 * are left out on purpose: the page opens all the same, and what changed is told when ComfyUI wakes.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../contract/settings.ts';

type Installation = Settings['installation'];

/** Names the folder of one installation's page. */
export const installationName = ({ folder, commandLine, workingFolder }: Installation): string =>
  digest([folder, commandLine, workingFolder]).slice(0, 16);

/** @param webRoot where the frontend lies, when that is known */
export function installationKey(installation: Installation, webRoot: string | null): string {
  const { folder } = installation;
  const files = [
    ...(webRoot === null ? [] : [join(webRoot, 'index.html')]),
    ...(folder === null ? [] : COMFYUI_FILES.map((name) => join(folder, name))),
  ];
  return digest([installation, webRoot, files.map(stampOf)]);
}

/** One of them changes with every version. */
const COMFYUI_FILES = ['comfyui_version.py', 'server.py', 'nodes.py'];

function stampOf(file: string): string | null {
  try {
    const { mtimeMs, size } = statSync(file);
    return `${mtimeMs} ${size}`;
  } catch {
    return null;
  }
}

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
