/** Counts what sleeping saves, minute by minute, and keeps it on disk over restarts. Measures nothing itself: it takes what others measured. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { GpuSnapshot } from '../../contract/gpu.ts';
import type { Savings } from '../../contract/savings.ts';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { advance, nothingSaved, type Occupation, type SavingsCount, savedWattHours } from './savings.ts';

export interface SavingsWatch {
  answer(): Omit<Savings, 'remote'>;
  close(): void;
}

export interface SavingsWatchDeps {
  readonly file: string;
  readonly occupation: () => Occupation;
  readonly gpu: () => GpuSnapshot;
  readonly clock: Clock;
  readonly log: Log;
}

const EVERY_MS = 60_000;
/** An older reading tells of another state. */
const FRESH_MS = 15_000;
const SAVE_EVERY = 10;

const LearntSchema = z.object({ watts: z.number(), readings: z.number() }).nullable();
const CountSchema = z.object({
  since: z.number(),
  asleepMs: z.number(),
  hasCard: z.boolean(),
  idle: LearntSchema,
  asleep: LearntSchema,
});

export function createSavingsWatch({ file, occupation, gpu, clock, log }: SavingsWatchDeps): SavingsWatch {
  let count: SavingsCount = readCount(file) ?? nothingSaved(clock.now());
  let before = { at: clock.now(), occupation: occupation() };
  let steps = 0;
  let cancelTimer = clock.after(EVERY_MS, step);

  function look(): void {
    const now = { at: clock.now(), occupation: occupation() };
    const { at, gpus } = gpu();
    count = advance(count, {
      now: now.at,
      before: before.at,
      occupation: now.occupation === before.occupation ? now.occupation : 'other',
      watts: now.at - at <= FRESH_MS ? powerOf(gpus) : null,
      hasCard: gpus.length > 0,
    });
    before = now;
  }

  function step(): void {
    look();
    steps += 1;
    if (steps % SAVE_EVERY === 0) save();
    cancelTimer = clock.after(EVERY_MS, step);
  }

  function save(): void {
    try {
      writeFileAtomically(file, JSON.stringify(count));
    } catch (error) {
      log.warn({ file, error: String(error) }, 'what was saved by sleeping could not be written down');
    }
  }

  return {
    answer() {
      look();
      const { since, asleepMs, hasCard, idle, asleep } = count;
      return {
        since,
        asleepSeconds: Math.round(asleepMs / 1000),
        gpuHours: hasCard ? asleepMs / 3_600_000 : null,
        wattHours: savedWattHours(count),
        idleWatts: idle?.watts ?? null,
        asleepWatts: asleep?.watts ?? null,
      };
    },
    close() {
      cancelTimer();
      look();
      save();
    },
  };
}

/** Null when a card does not tell: a part of it would be no measure of all. */
function powerOf(gpus: GpuSnapshot['gpus']): number | null {
  const watts = gpus.map(({ powerWatts }) => powerWatts);
  return watts.length === 0 || watts.includes(null) ? null : watts.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}

/** A file that cannot be read begins the count anew: it is told for interest, nothing depends on it. */
function readCount(file: string): SavingsCount | null {
  try {
    return CountSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
