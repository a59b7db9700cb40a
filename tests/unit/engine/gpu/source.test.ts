import { expect, test } from 'vitest';
import { createPolledSource, type SourceReport } from '../../../../engine/gpu/source.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

const READINGS: SourceReport = { kind: 'readings', source: 'system-stats', gpus: [], note: null };

test('a slow answer is waited for: nothing is asked twice at the same time', async () => {
  const clock = createManualClock();
  const answers: (() => void)[] = [];
  const source = createPolledSource({
    clock,
    read: () => new Promise((resolve) => answers.push(() => resolve(READINGS))),
  });
  const stop = source.start(1000, () => undefined);
  await clock.advance(60_000);
  expect(answers).toHaveLength(1);
  answers[0]?.();
  await clock.advance(1000);
  expect(answers).toHaveLength(2);
  answers[1]?.();
  await stop();
});

test('an answer that comes after the stop is not reported, and nothing is asked any more', async () => {
  const clock = createManualClock();
  const reports: SourceReport[] = [];
  let answer: (report: SourceReport) => void = () => undefined;
  const source = createPolledSource({ clock, read: () => new Promise((resolve) => (answer = resolve)) });
  const stopped = source.start(1000, (report) => reports.push(report))();
  answer(READINGS);
  await stopped;
  await clock.advance(60_000);
  expect({ reports, timers: clock.timers }).toEqual({ reports: [], timers: 0 });
});

test('a rejection is trouble, and asked again', async () => {
  const clock = createManualClock();
  const reports: SourceReport[] = [];
  const source = createPolledSource({ clock, read: () => Promise.reject(new Error('spawn EAGAIN')) });
  const stop = source.start(1000, (report) => reports.push(report));
  await clock.advance(1000);
  expect(reports).toEqual([
    { kind: 'trouble', message: 'spawn EAGAIN' },
    { kind: 'trouble', message: 'spawn EAGAIN' },
  ]);
  await stop();
});
