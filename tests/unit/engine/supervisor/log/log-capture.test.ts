import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../../engine/platform/clock.ts';
import { silentLog } from '../../../../../engine/platform/log.ts';
import { createLogCapture, type LogCapture } from '../../../../../engine/supervisor/log/log-capture.ts';
import { waitFor } from '../../../../support/real-processes.ts';

let folder: string;
let file: string;
const open = new Set<LogCapture>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-log-'));
  file = join(folder, 'logs', 'comfyui.log');
});
afterEach(() => {
  for (const log of open) log.close();
  open.clear();
  rmSync(folder, { recursive: true, force: true });
});

function capture(maxFileBytes?: number): LogCapture {
  const limit = maxFileBytes === undefined ? {} : { maxFileBytes };
  const log = createLogCapture({ file, clock: systemClock, log: silentLog(), ...limit });
  open.add(log);
  return log;
}

const texts = (log: LogCapture) => log.tail(10_000).map((line) => line.text);

describe('the log capture', () => {
  it('reads along while a child writes, in batches', async () => {
    const log = capture();
    const child = log.openForChild();
    log.follow();
    const batches: number[] = [];
    log.onLines((lines) => batches.push(lines.length));
    for (let index = 0; index < 1_000; index += 1) writeSync(child, `line ${index}\n`);
    await waitFor('all lines', () => log.lastSequence() === 1_000);
    expect(texts(log)).toEqual(Array.from({ length: 1_000 }, (_, index) => `line ${index}`));
    expect(batches.length).toBeLessThan(100);
  });

  it('numbers lines without a gap, also over several children', () => {
    const log = capture();
    writeSync(log.openForChild(), 'first\nwithout an end');
    log.follow();
    log.rest();
    writeSync(log.openForChild(), '\nsecond\n');
    log.follow();
    log.drain();
    expect(log.tail(10).map((line) => [line.sequence, line.text])).toEqual([
      [1, 'first'],
      [2, 'without an end'],
      [3, ''],
      [4, 'second'],
    ]);
  });

  it('shows what an earlier engine left, from the beginning of a line', () => {
    const earlier = capture();
    writeSync(earlier.openForChild(), `${'x'.repeat(300_000)}\nthe end of the earlier log\n`);
    expect(texts(capture())).toEqual(['the end of the earlier log']);
  });

  it('rotates by copying, so that the child goes on writing into the same file', async () => {
    const log = capture(10_000);
    const child = log.openForChild();
    log.follow();
    const before = statSync(file).ino;
    for (let index = 0; index < 500; index += 1) writeSync(child, `a line of the first part, number ${index}\n`);
    await waitFor('the rotation', () => existsSync(`${file}.1`) && statSync(file).size === 0);
    writeSync(child, 'after the rotation\n');
    await waitFor('the next line', () => texts(log).at(-1) === 'after the rotation');
    expect(statSync(file).ino).toBe(before);
    expect(readFileSync(`${file}.1`, 'utf8')).toContain('number 499');
    expect(readFileSync(file, 'utf8')).toBe('after the rotation\n');
  });

  it('keeps five files', async () => {
    const log = capture(100);
    const child = log.openForChild();
    log.follow();
    for (let round = 1; round <= 7; round += 1) {
      writeSync(child, `round ${round} ${'x'.repeat(200)}\n`);
      await waitFor(
        'the rotation',
        () => existsSync(`${file}.1`) && readFileSync(`${file}.1`, 'utf8').includes(`round ${round} `),
      );
      await waitFor('the truncation', () => statSync(file).size === 0);
    }
    expect([1, 2, 3, 4, 5].map((number) => existsSync(`${file}.${number}`))).toEqual([true, true, true, true, false]);
  });

  it('reads on when somebody empties the file', async () => {
    const log = capture();
    const child = log.openForChild();
    log.follow();
    writeSync(child, 'one\ntwo\n');
    await waitFor('two lines', () => log.lastSequence() === 2);
    writeFileSync(file, '');
    writeSync(child, 'three\n');
    await waitFor('the third line', () => texts(log).at(-1) === 'three');
  });

  it('reads the new file when somebody deleted the old one between two starts', async () => {
    const log = capture();
    writeSync(log.openForChild(), 'old\n');
    log.follow();
    log.rest();
    unlinkSync(file);
    writeSync(log.openForChild(), 'new\n');
    log.follow();
    await waitFor('the new line', () => texts(log).at(-1) === 'new');
  });

  it('says that the data folder is unusable when the log cannot be made', () => {
    appendFileSync(join(folder, 'logs'), 'a file where the folder should be');
    const log = capture();
    expect(() => log.openForChild()).toThrowError(expect.objectContaining({ code: 'data_folder_unusable' }));
  });
});
