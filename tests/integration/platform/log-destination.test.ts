import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../../engine/platform/log.ts';
import { createLogDestination, type LogDestination } from '../../../engine/platform/log-destination.ts';
import { waitFor } from '../../support/real-processes.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

let folder: string;
let problems: string[];
const opened: LogDestination[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-log-'));
  problems = [];
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((destination) => destination.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function open(where = folder): Promise<LogDestination> {
  const destination = await createLogDestination({ folder: where, onProblem: (message) => problems.push(message) });
  opened.push(destination);
  return destination;
}
const files = (where = folder) =>
  readdirSync(where)
    .filter((name) => name.endsWith('.log'))
    .sort();
const linesOf = (name: string) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');

test('every line is on disk after the close, and none before is lost', async () => {
  const destination = await open();
  const log = createLog(destination);
  for (let line = 0; line < 1000; line += 1) log.info({ line }, 'hello');
  await destination.close();
  await destination.close();
  log.info('too late, and no harm');
  expect(linesOf('stoker.1.log').map((line) => (JSON.parse(line) as { line: number }).line)).toEqual(
    Array.from({ length: 1000 }, (_, line) => line),
  );
});

test('the last words of a crash are in the file at once', async () => {
  createLog(await open()).fatal('out of luck');
  expect(readFileSync(join(folder, 'stoker.1.log'), 'utf8')).toContain('out of luck');
});

test('a restart goes on in the newest file', async () => {
  const first = await open();
  first.write('first\n');
  await first.close();
  const second = await open();
  second.write('second\n');
  await second.close();
  expect(linesOf('stoker.1.log')).toEqual(['first', 'second']);
});

test('files are rotated by size, and old ones go, also those of earlier runs', async () => {
  for (let number = 1; number <= 8; number += 1) writeFileSync(join(folder, `stoker.${number}.log`), 'old\n');
  writeFileSync(join(folder, 'comfyui.1.log'), 'not ours\n');
  const destination = await open();
  for (let block = 0; block < 90; block += 1) destination.write(`${'x'.repeat(64 * 1024)}\n`);
  await waitFor('the old files to be gone', () => !existsSync(join(folder, 'stoker.4.log')));
  expect(files()).toEqual(['comfyui.1.log', ...[5, 6, 7, 8, 9].map((number) => `stoker.${number}.log`)]);
});

test('a folder that cannot be made is said in words at the start', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(open(join(folder, 'file', 'logs'))).rejects.toMatchObject({ code: 'data_folder_unusable' });
});

describe('a disk that refuses', () => {
  const disk = mountSmallDisk('1m');
  afterAll(() => disk?.remove());

  test.runIf(disk)('is said once; the engine lives on, and lines are written again when there is room', async () => {
    const where = join(disk?.folder ?? '', 'logs');
    mkdirSync(where);
    const destination = await open(where);
    disk?.fill();
    for (let line = 0; line < 50; line += 1) destination.write(`${'x'.repeat(1000)}\n`);
    expect(problems).toEqual([expect.stringContaining('the disk is full (ENOSPC)')]);
    disk?.unfill();
    destination.write('there is room\n');
    await destination.close();
    expect(readFileSync(join(where, 'stoker.1.log'), 'utf8')).toContain('there is room');
  });

  test.runIf(existsSync('/dev/full'))('until the end does not hold up the close', async () => {
    symlinkSync('/dev/full', join(folder, 'stoker.1.log'));
    const destination = await open();
    destination.write('nobody will read this\n');
    await destination.close();
    expect(problems).toHaveLength(1);
  });
});
