import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EngineLock, EngineLockSchema } from '../../../contract/engine-lock.ts';

interface Answer {
  readonly held?: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly details?: { readonly pid: number; readonly url: string | null };
}

interface Contender {
  readonly pid: number;
  order(line: string): Promise<Answer>;
  /** SIGKILL: no handler runs, the lock file stays. */
  kill(): Promise<void>;
}

const children = new Set<ChildProcess>();
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-lock-'));
  file = join(folder, 'engine.lock');
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  rmSync(folder, { recursive: true, force: true });
});

async function startContender(): Promise<Contender> {
  const script = join(import.meta.dirname, '../../support/lock-contender.mjs');
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextAnswer = async (): Promise<Answer> => JSON.parse((await lines.next()).value ?? '{}');
  await nextAnswer();
  return {
    pid: Number(child.pid),
    order(line) {
      child.stdin.write(`${line}\n`);
      return nextAnswer();
    },
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      children.delete(child);
    },
  };
}

const onDisk = (): EngineLock => EngineLockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

/** All at once; the one that holds, and what the others were told. */
async function contend(contenders: readonly Contender[]) {
  const answers = await Promise.all(contenders.map((contender) => contender.order(`acquire ${file}`)));
  const holders = contenders.filter((_, index) => answers[index]?.held);
  return { holders, refusals: answers.filter((answer) => !answer.held) };
}

test('the second engine is told which process holds the data folder, and where it answers', async () => {
  const [first, second] = await Promise.all([startContender(), startContender()]);
  await first.order(`acquire ${file}`);
  expect(await second.order(`acquire ${file}`)).toEqual({
    held: false,
    code: 'data_folder_locked',
    message: `Another Stoker (process ${first.pid}, http://127.0.0.1:${first.pid}/manager) already uses the data folder ${folder}.`,
    details: { pid: first.pid, url: `http://127.0.0.1:${first.pid}`, folder },
  });
  expect(onDisk()).toMatchObject({ pid: first.pid, url: `http://127.0.0.1:${first.pid}` });
});

test('a released lock leaves nothing behind', async () => {
  const contender = await startContender();
  await contender.order(`acquire ${file}`);
  await contender.order('release');
  expect(readdirSync(folder)).toEqual([]);
});

test('of many that start at once after a crash, exactly one runs', async () => {
  const contenders = await Promise.all(Array.from({ length: 4 }, startContender));
  for (let round = 0; round < 6; round += 1) {
    const { holders, refusals } = await contend(contenders);
    expect(holders.map(({ pid }) => pid)).toEqual([onDisk().pid]);
    expect(refusals.map(({ code }) => code)).toEqual(Array(contenders.length - 1).fill('data_folder_locked'));
    expect(readdirSync(folder)).toEqual(['engine.lock']);
    const [holder] = holders;
    if (holder === undefined) return;
    // In turns: the lock is free, or left by one that was killed.
    if (round % 2 === 0) await holder.order('release');
    else {
      await holder.kill();
      contenders.splice(contenders.indexOf(holder), 1, await startContender());
    }
  }
});

test('a lock whose pid was given to another program is taken over', async () => {
  const contender = await startContender();
  const lock: EngineLock = {
    pid: process.pid,
    startToken: 'long ago',
    nonce: '0',
    since: new Date(0).toISOString(),
    url: null,
  };
  writeFileSync(file, JSON.stringify(lock));
  expect(await contender.order(`acquire ${file}`)).toEqual({ held: true });
  expect(onDisk().pid).toBe(contender.pid);
});

test('a starter killed in the middle of a takeover does not block the next', async () => {
  const [dead, contender] = await Promise.all([startContender(), startContender()]);
  await dead.order(`acquire ${file}`);
  writeFileSync(`${file}.takeover`, readFileSync(file));
  await dead.kill();
  expect(await contender.order(`acquire ${file}`)).toEqual({ held: true });
  expect(existsSync(`${file}.takeover`)).toBe(false);
});

test.each([
  ['empty, as a power cut leaves it', ''],
  ['something else', 'hello'],
])('a lock file that is %s does not block', async (_, text) => {
  const contender = await startContender();
  writeFileSync(file, text);
  expect(await contender.order(`acquire ${file}`)).toEqual({ held: true });
});

test('a folder that cannot be written says so in words', async () => {
  const contender = await startContender();
  expect(await contender.order(`acquire ${join(folder, 'gone', 'engine.lock')}`)).toMatchObject({
    code: 'data_folder_unusable',
    message: `Stoker cannot write ${join(folder, 'gone')}: the folder above it does not exist (ENOENT).`,
  });
});
