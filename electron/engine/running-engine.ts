/** Which engine holds a data folder: reads `engine.lock` and proves that its writer still lives. Asks nobody over the network. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EngineLock, EngineLockSchema } from '../../contract/engine-lock.ts';
import type { StartTokenOf } from './start-token.ts';

/** The lock of a living engine, null when nobody holds that folder. */
export async function readHolder(folder: string, startTokenOf: StartTokenOf): Promise<EngineLock | null> {
  const lock = readLock(folder);
  return lock !== null && (await isHolder(lock, startTokenOf)) ? lock : null;
}

/** Whether the very process that wrote the lock lives; a pid given to another program does not count. */
export async function isHolder(lock: EngineLock, startTokenOf: StartTokenOf): Promise<boolean> {
  return (await startTokenOf(lock.pid)) === lock.startToken;
}

/** Base address that this computer reaches it at: a wildcard is where it listens, not where anybody finds it. */
export function reachableUrl(lockUrl: string): string {
  const url = new URL(lockUrl);
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  return url.origin;
}

function readLock(folder: string): EngineLock | null {
  try {
    return EngineLockSchema.safeParse(JSON.parse(readFileSync(join(folder, 'engine.lock'), 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}
