/**
 * One engine per data folder: a lock file that names its holder. Taken over only on proof that the holder is gone
 * (no such pid, or another start time). It cannot see holders in another container or on another machine.
 */

import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EngineLock, EngineLockSchema } from '../../contract/engine-lock.ts';
import { AppError } from './app-error.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { dataFolderUnusable } from './data-folder.ts';
import { codeOf, isMissing } from './error-code.ts';

export interface DataLock {
  /** Tells the command line where the engine answers: base address without a path. @throws AppError data_folder_unusable */
  updateLock(facts: { readonly url: string }): void;
  /** Twice is fine. */
  release(): void;
}

export interface DataLockDeps {
  readonly file: string;
  /** Opaque, equal for the same process only; null when no process has that pid. */
  readonly startTokenOf: (pid: number) => Promise<string | null>;
}

/** A lock is written within a millisecond of its creation; one still empty after this was left by a crash or a power cut. */
const HALF_WRITTEN_LIMIT_MS = 1000;
/** Others take over or give up within milliseconds; this is for a machine that swaps. */
const CONTENTION_LIMIT_MS = 10_000;
const RETRY_MS = 20;

/**
 * @throws AppError data_folder_locked with details.pid and details.url of the holder
 * @throws AppError data_folder_unusable
 */
export async function acquireDataLock(deps: DataLockDeps): Promise<DataLock> {
  const startToken = await deps.startTokenOf(process.pid);
  if (startToken === null) throw new AppError('internal', 'Stoker does not find itself among the running processes.');
  return acquire(deps, {
    pid: process.pid,
    startToken,
    nonce: randomBytes(16).toString('hex'),
    since: new Date().toISOString(),
    url: null,
  });
}

async function acquire(deps: DataLockDeps, mine: EngineLock): Promise<DataLock> {
  const { file } = deps;
  const deadline = performance.now() + CONTENTION_LIMIT_MS;
  for (;;) {
    if (create(file, mine) && readLock(file)?.nonce === mine.nonce) return held(file, mine);
    const holder = await readWhole(file);
    if (holder !== 'missing') {
      if (holder !== 'unreadable' && (await isAlive(deps, holder))) {
        // Who holds the right to take over gives it back within milliseconds.
        if (!file.endsWith(TAKEOVER) || performance.now() > deadline) throw locked(file, holder);
        await delay(RETRY_MS);
      } else {
        await removeDead(deps, mine);
      }
    }
  }
}

const TAKEOVER = '.takeover';

/**
 * Between judging a lock dead and deleting it, another starter may have deleted it and created its own. So the right to
 * delete is a lock itself, and the dead one is judged once more under it. (That lock's holder may die too: the same again.)
 */
async function removeDead(deps: DataLockDeps, mine: EngineLock): Promise<void> {
  const right = await acquire({ ...deps, file: `${deps.file}${TAKEOVER}` }, mine);
  try {
    const holder = await readWhole(deps.file);
    const dead = holder !== 'missing' && (holder === 'unreadable' || !(await isAlive(deps, holder)));
    if (dead) rmSync(deps.file, { force: true });
  } finally {
    right.release();
  }
}

function held(file: string, mine: EngineLock): DataLock {
  let current = mine;
  return {
    updateLock({ url }) {
      current = { ...current, url };
      writeFileAtomically(file, render(current));
    },
    release() {
      if (readLock(file)?.nonce === mine.nonce) rmSync(file, { force: true });
    },
  };
}

/** False when somebody's lock is there. */
function create(file: string, lock: EngineLock): boolean {
  try {
    writeFileSync(file, render(lock), { flag: 'wx', mode: 0o600, flush: true });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw dataFolderUnusable(error, dirname(file));
  }
}

const render = (lock: EngineLock): string => `${JSON.stringify(lock)}\n`;

async function isAlive({ startTokenOf }: DataLockDeps, { pid, startToken }: EngineLock): Promise<boolean> {
  return (await startTokenOf(pid)) === startToken;
}

/** The lock once it is written; `unreadable` when it stays something else. */
async function readWhole(file: string): Promise<EngineLock | 'missing' | 'unreadable'> {
  const deadline = performance.now() + HALF_WRITTEN_LIMIT_MS;
  for (;;) {
    const lock = readLock(file);
    if (lock === undefined) return 'missing';
    if (lock !== null) return lock;
    if (performance.now() > deadline) return 'unreadable';
    await delay(RETRY_MS);
  }
}

/** Undefined when there is no file, null when it holds no lock. */
function readLock(file: string): EngineLock | null | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw dataFolderUnusable(error, file);
  }
  try {
    return EngineLockSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function locked(file: string, { pid, url }: EngineLock): AppError {
  const folder = dirname(file);
  const where = url === null ? `process ${pid}` : `process ${pid}, ${url}/manager`;
  return new AppError('data_folder_locked', `Another Stoker (${where}) already uses the data folder ${folder}.`, {
    details: { pid, url, folder },
  });
}
