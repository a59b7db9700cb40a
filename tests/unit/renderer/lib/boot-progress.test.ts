import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BOOT_PHASES } from '../../../../contract/supervisor-state.ts';
import { bootProgress } from '../../../../renderer/lib/boot-progress.ts';

const since = Date.parse('2026-11-21T12:00:00Z');
const boot = { phase: 'customNodes', detail: null, elapsedSeconds: 0, expectedSeconds: 12, attempt: 1 } as const;

test('phases before the current one are done, those after it ahead', () => {
  expect(bootProgress(boot, since, since).phases.map(({ progress }) => progress)).toEqual([
    'done',
    'done',
    'done',
    'current',
    'ahead',
  ]);
});

test('the learnt time is the measure', () => {
  expect(bootProgress(boot, since, since + 3000)).toMatchObject({ elapsedSeconds: 3, fraction: 0.25, secondsLeft: 9 });
});

test('a first start shows no made-up progress', () => {
  const first = bootProgress({ ...boot, expectedSeconds: null }, since, since + 3000);
  expect(first).toMatchObject({ fraction: null, secondsLeft: null, elapsedSeconds: 3 });
});

test('it never claims to be done, and tells no time left once it is overdue', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...BOOT_PHASES),
      fc.integer({ min: 0, max: 600 }),
      fc.integer({ min: 0, max: 120 }),
      (phase, elapsed, expected) => {
        const progress = bootProgress({ ...boot, phase, expectedSeconds: expected }, since, since + elapsed * 1000);
        expect(progress.fraction).toBeLessThan(1);
        expect(progress.secondsLeft === null).toBe(elapsed >= expected);
      },
    ),
  );
});
