/**
 * What remote work costs: held at its worst before a job is sent, booked as it was when it ended. Each run counts in the day and month it was
 * sent in. One whose end nobody knows is booked at its worst: the sums never tell less than was spent, and no later limit is eaten by it.
 */
import type { Spend } from '../../contract/endpoints.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';

export interface Ledger {
  /** Before a job is sent. Twice for one run is once. @param microDollars the most it can cost */
  reserve(jobId: string, run: number, endpoint: string, microDollars: number): void;
  /** It runs: since when at the earliest (epoch milliseconds). Only the first time counts. */
  began(jobId: string, run: number, after: number): void;
  /** What is held for it; null when nothing is. Times are epoch milliseconds. */
  held(jobId: string, run: number): HeldCost | null;
  /** Money is or was held for it; what was released is not known. */
  isKnown(jobId: string, run: number): boolean;
  /** After its end. @returns what was booked, or null when nothing was held for it */
  book(jobId: string, run: number, cost: BookedCost): number | null;
  /** It certainly did not run. */
  release(jobId: string, run: number): void;
  /** What an engine before this one left held for a job that does not run any more: its end will not be told. At its worst. */
  bookLeftovers(): void;
  /** Of all runs of a job; null when it never cost anything. */
  costOf(jobId: string): number | null;
  /** In the day and month of this computer's time zone. */
  spend(endpoint: string): Spend;
  /** Of all endpoints, newest first, at most so many days with any cost; what is held counts. */
  days(limit: number): { readonly day: string; readonly microDollars: number }[];
}

export interface HeldCost {
  readonly microDollars: number;
  readonly heldAt: number;
  /** Null when it was never seen running. */
  readonly beganAfter: number | null;
}

export interface BookedCost {
  readonly microDollars: number;
  readonly executionMs: number | null;
  readonly delayMs: number | null;
}

export function createLedger({ database, clock }: { readonly database: Database; readonly clock: Clock }): Ledger {
  const reserve = database.prepare(
    'INSERT OR IGNORE INTO spend (job_id, run, endpoint, at, reserved) VALUES (?, ?, ?, ?, ?)',
  );
  const book = database.prepare(
    'UPDATE spend SET booked = ?, execution_ms = ?, delay_ms = ? WHERE job_id = ? AND run = ? AND booked IS NULL',
  );
  const began = database.prepare(
    'UPDATE spend SET began_after = coalesce(began_after, ?) WHERE job_id = ? AND run = ? AND booked IS NULL',
  );
  const heldFor = database.prepare(
    'SELECT reserved, at, began_after FROM spend WHERE job_id = ? AND run = ? AND booked IS NULL',
  );
  const known = database.prepare('SELECT 1 FROM spend WHERE job_id = ? AND run = ?');
  const leftovers = database.prepare(`
    UPDATE spend SET booked = reserved
    WHERE booked IS NULL AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = spend.job_id AND state = 'running')`);
  const release = database.prepare('DELETE FROM spend WHERE job_id = ? AND run = ? AND booked IS NULL');
  const costOf = database.prepare('SELECT sum(booked) AS cost FROM spend WHERE job_id = ?');
  const since = database.prepare(
    'SELECT coalesce(sum(coalesce(booked, reserved)), 0) AS cost FROM spend WHERE endpoint = ? AND at >= ?',
  );
  const held = database.prepare(
    'SELECT coalesce(sum(reserved), 0) AS cost FROM spend WHERE endpoint = ? AND booked IS NULL',
  );

  const days = database.prepare(`
    SELECT date(at / 1000, 'unixepoch', 'localtime') AS day, sum(coalesce(booked, reserved)) AS cost FROM spend
    GROUP BY day HAVING cost > 0 ORDER BY day DESC LIMIT ?`);

  return {
    days: (limit) => days.all(limit).map(({ day, cost }) => ({ day: String(day), microDollars: Number(cost) })),
    reserve: (jobId, run, endpoint, microDollars) =>
      void reserve.run(jobId, run, endpoint, clock.now(), Math.ceil(microDollars)),
    book(jobId, run, { microDollars, executionMs, delayMs }) {
      const rounded = Math.ceil(microDollars);
      return book.run(rounded, executionMs, delayMs, jobId, run).changes === 1 ? rounded : null;
    },
    began: (jobId, run, after) => void began.run(after, jobId, run),
    held(jobId, run) {
      const row = heldFor.get(jobId, run);
      if (row === undefined) return null;
      return {
        microDollars: Number(row.reserved),
        heldAt: Number(row.at),
        beganAfter: row.began_after === null ? null : Number(row.began_after),
      };
    },
    isKnown: (jobId, run) => known.get(jobId, run) !== undefined,
    bookLeftovers: () => void leftovers.run(),
    release: (jobId, run) => void release.run(jobId, run),
    costOf(jobId) {
      const cost = costOf.get(jobId)?.cost;
      return cost === null || cost === undefined ? null : Number(cost);
    },
    spend(endpoint) {
      const now = new Date(clock.now());
      const day = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
      const month = new Date(now.getFullYear(), now.getMonth(), 1).getTime();
      return {
        today: Number(since.get(endpoint, day)?.cost ?? 0),
        month: Number(since.get(endpoint, month)?.cost ?? 0),
        reserved: Number(held.get(endpoint)?.cost ?? 0),
      };
    },
  };
}
