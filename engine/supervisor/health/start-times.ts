/** How long starts took lately, kept on disk per installation, so that a waking page can say how long it will take. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Log } from '../../platform/log.ts';

export interface StartTimes {
  /** Seconds the next start of this installation will probably take: the median of the newest ones; null before the first. */
  expectedSeconds(installation: string): number | null;
  /** A disk that can not be written is logged and otherwise ignored: the time is a courtesy. */
  remember(installation: string, seconds: number): void;
}

/** Newest last, by installation; the installation used last is last too. */
const StartTimesSchema = z.object({
  installations: z.array(z.object({ installation: z.string(), seconds: z.array(z.number().min(0)) })),
});

const KEPT_STARTS = 5;
const KEPT_INSTALLATIONS = 10;

export function createStartTimes(deps: { readonly file: string; readonly log: Pick<Log, 'warn'> }): StartTimes {
  const { file, log } = deps;
  let installations = readFile(file);

  return {
    expectedSeconds(installation) {
      const seconds = installations.find((entry) => entry.installation === installation)?.seconds ?? [];
      return median(seconds);
    },
    remember(installation, seconds) {
      const earlier = installations.find((entry) => entry.installation === installation)?.seconds ?? [];
      const entry = { installation, seconds: [...earlier, Math.round(seconds * 10) / 10].slice(-KEPT_STARTS) };
      const others = installations.filter((other) => other.installation !== installation);
      installations = [...others, entry].slice(-KEPT_INSTALLATIONS);
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(`${file}.tmp`, JSON.stringify({ installations }));
        renameSync(`${file}.tmp`, file);
      } catch (error) {
        log.warn({ error, file }, 'the start time could not be kept');
      }
    },
  };
}

function readFile(file: string): z.infer<typeof StartTimesSchema>['installations'] {
  try {
    return StartTimesSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).installations;
  } catch {
    // Missing before the first start; a broken one is only worth learning anew.
    return [];
  }
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted.length % 2 === 0 ? sorted[middle - 1] : upper;
  return ((lower ?? upper) + upper) / 2;
}
