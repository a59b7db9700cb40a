import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSmiLoop, type LoopTrouble, type SmiLoop } from '../../../engine/gpu/smi-loop.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { waitFor } from '../../support/real-processes.ts';

let folder: string;
let clock: ManualClock;
let lines: string[];
let troubles: LoopTrouble[];
let loop: SmiLoop;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-loop-'));
  clock = createManualClock();
  lines = [];
  troubles = [];
});
afterEach(async () => {
  const stopped = loop.stop();
  await clock.advance(5000);
  await stopped;
  rmSync(folder, { recursive: true, force: true });
});

/** @param script of a shell that stands for the tool; lines that begin with "row" are understood */
function start(script: string | null): void {
  const command = join(folder, 'tool');
  if (script !== null) writeFileSync(command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  loop = createSmiLoop({
    command,
    clock,
    onLine(line) {
      lines.push(line);
      return line.startsWith('row');
    },
    onTrouble: (trouble) => troubles.push(trouble),
  });
  loop.start({ args: ['--fast'], limits: { silenceMs: 1000, firstLineMs: 1000 } });
}
const untilTrouble = () => waitFor('trouble', () => troubles.length > 0);

test('the last line counts although it has no end, and what was said on both outputs is passed on', async () => {
  start('echo row 1; echo "args: $*" >&2; printf "GPU is lost"');
  await untilTrouble();
  expect(lines).toEqual(['row 1', 'GPU is lost']);
  expect(troubles[0]?.kind).toBe('exit');
  expect(troubles[0]?.words).toContain('args: --fast');
  expect(troubles[0]?.words).toContain('GPU is lost');
});

test('words from before the last good line are not the reason of what came after it', async () => {
  start('echo warming up; echo row 1');
  await untilTrouble();
  expect(troubles).toEqual([{ kind: 'exit', words: '' }]);
});

test('a line without an end does not fill the memory', async () => {
  start('head -c 3000000 /dev/zero | tr "\\0" x; echo; echo row 1; exec sleep 60');
  await waitFor('the row behind it', () => lines.includes('row 1'));
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(200_000);
});

test('a tool that is not there is trouble like any other, and looked for again later', async () => {
  start(null);
  await untilTrouble();
  expect(troubles).toEqual([{ kind: 'exit', words: expect.stringContaining('not found') }]);
  writeFileSync(join(folder, 'tool'), '#!/bin/sh\necho row 1\nexec sleep 60\n', { mode: 0o755 });
  await clock.advance(1000);
  await waitFor('a row', () => lines.includes('row 1'));
});
