import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { GpuReading } from '../../../../contract/gpu.ts';
import {
  readCardSize,
  rememberCardSize,
  usesAcceleration,
} from '../../../../electron/lifecycle/hardware-acceleration.ts';
import { exampleStatus } from '../../../support/fake-engine.ts';

const GIB = 1024 ** 3;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-card-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('draws with the GPU as the user wants, and not on a small card where they said so', () => {
  const table = [
    ['on', 4 * GIB, true],
    ['off', 24 * GIB, false],
    ['smallCard', 8 * GIB, false],
    ['smallCard', 8 * GIB + 1, true],
    ['smallCard', null, true],
  ] as const;
  for (const [preference, card, expected] of table) expect(usesAcceleration(preference, card)).toBe(expected);
});

it('remembers the smallest card that told its size', () => {
  const file = join(folder, 'card.json');
  const card = (vramTotalBytes: number | null) => ({ vramTotalBytes }) as GpuReading;
  expect(readCardSize(file)).toBeNull();
  rememberCardSize(file, null);
  rememberCardSize(file, exampleStatus({ gpus: [card(null)] }));
  expect(readCardSize(file)).toBeNull();
  rememberCardSize(file, exampleStatus({ gpus: [card(24 * GIB), card(6 * GIB), card(null)] }));
  expect(readCardSize(file)).toBe(6 * GIB);
  rememberCardSize(file, null);
  expect(readCardSize(file)).toBe(6 * GIB);
});
