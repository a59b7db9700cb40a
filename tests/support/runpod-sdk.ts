/** A Python with RunPod's official SDK in it: the one named by STOKER_TEST_RUNPOD_PYTHON, else made once in the user's cache folder. */
import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The version of the recordings. */
const SDK = 'runpod==1.7.13';
const run = promisify(execFile);

/** @returns null, after saying why loudly, where it cannot be had */
export async function pythonWithRunpod(): Promise<string | null> {
  const named = process.env.STOKER_TEST_RUNPOD_PYTHON;
  if (named !== undefined) return named;
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'stoker', SDK.replace('==', '-'));
  const python = join(folder, 'bin/python');
  if (existsSync(python)) return python;
  const unfinished = `${folder}.${process.pid}`;
  try {
    await run('python3', ['-m', 'venv', unfinished]);
    await run(join(unfinished, 'bin/python'), ['-m', 'pip', 'install', '--quiet', SDK], { timeout: 300_000 });
    // Whole or not at all; Python finds its own place by the path it is started with.
    renameSync(unfinished, folder);
    return python;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    console.warn(`\n*** SKIPPED: RunPod's own SDK could not be installed: ${why} ***\n`);
    rmSync(unfinished, { recursive: true, force: true });
    return null;
  }
}
