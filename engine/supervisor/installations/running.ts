/** A ComfyUI that runs now and was not started by Stoker: where it lives, read from its command line and working folder. */
import { dirname, isAbsolute, join } from 'node:path';
import type { Installation } from '../../../contract/doctor.ts';
import { NONCE_VARIABLE } from '../processes/orphans.ts';
import type { ProcessTable } from '../processes/process-table.ts';
import { describeInstallation, firstFile, type Places } from './places.ts';

export async function findRunning(
  places: Places,
  table: Pick<ProcessTable, 'list' | 'environmentOf'>,
): Promise<Installation[]> {
  const found: Installation[] = [];
  for (const { pid, command } of await table.list()) {
    if (!/\bmain\.py\b/.test(command) || (await table.environmentOf(pid, NONCE_VARIABLE)) !== null) continue;
    // Linux tells in which folder a program runs; elsewhere a relative main.py cannot be followed.
    const workingFolder = places.platform === 'linux' ? await places.files.realPath(`/proc/${pid}/cwd`) : null;
    const note = `Runs now as process ${pid}, not started by Stoker.`;
    for (const script of possiblePaths(command, /^(.*\bmain\.py)\b/, workingFolder)) {
      const python = await firstFile(places.files, possiblePaths(command, /^(.*?python[\w.]*)/i, null));
      const installation = await describeInstallation(places, {
        kind: 'running',
        folder: dirname(script),
        ...(python === null ? {} : { python }),
        note,
      });
      if (installation === null) continue;
      found.push(installation);
      break;
    }
  }
  return found;
}

/**
 * Paths that may end where `ending` does. A command line does not tell which of its spaces stand inside a path, so every
 * beginning is proposed, the longest first; the disk decides.
 */
function possiblePaths(command: string, ending: RegExp, workingFolder: string | null): string[] {
  const upToEnd = ending.exec(command)?.[1] ?? '';
  const words = upToEnd.replaceAll('"', '').split(' ');
  return words
    .map((_, index) => words.slice(index).join(' '))
    .flatMap((path) => {
      if (isAbsolute(path)) return [path];
      return workingFolder === null ? [] : [join(workingFolder, path)];
    });
}
