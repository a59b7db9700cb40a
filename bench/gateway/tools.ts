/** Programs the bench compares with and measures by: found, installed where we may, or named as missing. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the command's path, or why there is none */
export function findTool(name: string, say: (line: string) => void): { path: string } | { missing: string } {
  const found = which(name);
  if (found !== null) return { path: found };
  if (process.getuid?.() !== 0 || which('apt-get') === null) return { missing: `${name} is not installed` };
  say(`installing ${name}`);
  // The package would start a server of its own.
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  spawnSync('apt-get', ['update', '-q'], { env: environment });
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], { env: environment });
  const installed = which(name);
  return installed === null ? { missing: `${name} could not be installed` } : { path: installed };
}

function which(name: string): string | null {
  for (const folder of [...(process.env.PATH ?? '').split(':'), '/usr/sbin']) {
    const path = join(folder, name);
    if (folder !== '' && existsSync(path)) return path;
  }
  return null;
}
