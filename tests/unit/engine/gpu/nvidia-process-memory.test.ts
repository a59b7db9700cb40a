import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addProcessRow,
  comfyMemory,
  forgetSilentGpus,
  NO_PROCESSES,
  type ProcessTable,
  parseProcessRow,
} from '../../../../engine/gpu/nvidia-process-memory.ts';
import { gpuFixtureLines } from '../../../support/gpu-fixture.ts';

const MIB = 1024 * 1024;
const CARD = 'GPU-00000000-0000-0000-0000-000000000000';
const OTHER_CARD = 'GPU-00000000-0000-0000-0000-000000000001';

function tableOf(lines: readonly string[], nowMs = 0): ProcessTable {
  return lines.reduce((table, line) => {
    const row = parseProcessRow(line);
    return row ? addProcessRow(table, row, nowMs) : table;
  }, NO_PROCESSES);
}
const recorded = (name: string) => tableOf(gpuFixtureLines(name));

describe('ComfyUI holds', () => {
  test('the sum over its process tree, and not what the desktop holds', () => {
    const memory = comfyMemory(recorded('rtx-4080-super-linux.apps.csv'), new Set([5021, 5022, 99]), false);
    expect(memory.bytesOn(CARD)).toBe((503 + 360) * MIB);
  });

  test('memory in the slices of a split card', () => {
    expect(comfyMemory(recorded('h100-mig-linux.apps.csv'), new Set([21_198]), false).bytesOn(CARD)).toBe(7484 * MIB);
  });

  test('an unknown amount under Windows (WDDM): the driver tells no process', () => {
    expect(comfyMemory(recorded('rtx-2080-super-wddm.apps.csv'), new Set([25_704]), false).bytesOn(CARD)).toBeNull();
  });

  test('nothing while it does not run, even where the driver tells no process', () => {
    expect(comfyMemory(recorded('rtx-2080-super-wddm.apps.csv'), new Set(), false).bytesOn(CARD)).toBe(0);
  });

  test('an unknown amount inside a container, where the driver lists nobody', () => {
    expect(comfyMemory(NO_PROCESSES, new Set([4242]), false).bytesOn(CARD)).toBeNull();
  });

  test('nothing on the second card once it was seen on the first', () => {
    const memory = comfyMemory(recorded('h200-linux.apps.csv'), new Set([10_309]), false);
    expect(memory.bytesOn(OTHER_CARD)).toBe(0);
  });

  test('nothing after it freed its memory, because it was listed before', () => {
    expect(comfyMemory(NO_PROCESSES, new Set([10_309]), true).bytesOn(CARD)).toBe(0);
  });
});

describe('the table of processes', () => {
  const row = (at: string, card: string, pid: number, mib: number) => `${at}, ${card}, ${pid}, ${mib}`;

  test('replaces the rows of a card with those of its next sample', () => {
    const table = tableOf([
      row('10:00:00', CARD, 1, 100),
      row('10:00:00', CARD, 2, 200),
      row('10:00:05', CARD, 1, 300),
    ]);
    expect(comfyMemory(table, new Set([1, 2]), false).bytesOn(CARD)).toBe(300 * MIB);
  });

  test('begins anew when a process is named again, also when the time stamp stands still', () => {
    const table = tableOf([row('[N/A]', CARD, 1, 100), row('[N/A]', CARD, 2, 200), row('[N/A]', CARD, 1, 300)]);
    expect(comfyMemory(table, new Set([1, 2]), false).bytesOn(CARD)).toBe(300 * MIB);
  });

  test('keeps cards apart that are sampled some milliseconds apart', () => {
    const table = tableOf([row('10:00:00.001', CARD, 1, 100), row('10:00:00.002', OTHER_CARD, 1, 50)]);
    expect(comfyMemory(table, new Set([1]), false).bytesOn(CARD)).toBe(100 * MIB);
  });

  test('forgets a card that fell silent: without processes nothing is printed', () => {
    const table = forgetSilentGpus(tableOf([row('10:00:00', CARD, 1, 100)], 1000), 2000);
    expect(comfyMemory(table, new Set([1]), true).bytesOn(CARD)).toBe(0);
  });
});

test.each([
  '2026/07/14 09:00:44.742, GPU-abc, [Insufficient Permissions], [Insufficient Permissions]',
  '2026/07/14 09:00:44.742, GPU-abc, [N/A], 12',
  '2026/07/14 09:00:44.742, GPU-abc',
  'No running processes found',
])('%j is no row', (line) => {
  expect(parseProcessRow(line)).toBeNull();
});

test('any text is a row or none, and never throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.string()).map((parts) => parts.join(', ')),
      ),
      (text) => void parseProcessRow(text),
    ),
  );
});
