/** One request, one job, however often it is sent: remembers for a day which job an `Idempotency-Key` made. */
import { createHash } from 'node:crypto';
import { stringifyExactly } from '../../contract/exact-json.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { GroupCommit } from './group-commit.ts';

export interface Idempotency {
  /**
   * The job this key made before, or the one `make` makes now; both in one commit with the key.
   * @param request what was asked, for comparison
   * @throws AppError idempotency_conflict when the key was used for another request
   */
  once(
    key: string,
    request: unknown,
    make: () => string,
  ): Promise<{ readonly jobId: string; readonly repeated: boolean }>;
  /** Forgets keys older than a day. */
  prune(): void;
}

const KEPT_MS = 24 * 3600 * 1000;

export function createIdempotency(deps: {
  readonly database: Database;
  readonly group: GroupCommit;
  readonly clock: Clock;
}): Idempotency {
  const { database, group, clock } = deps;
  const find = database.prepare('SELECT request_hash, job_id FROM idempotency_keys WHERE key = ? AND created_at > ?');
  const insert = database.prepare(
    'INSERT OR REPLACE INTO idempotency_keys (key, request_hash, job_id, created_at) VALUES (?, ?, ?, ?)',
  );
  const prune = database.prepare('DELETE FROM idempotency_keys WHERE created_at <= ?');
  return {
    once: (key, request, make) =>
      group.commit(() => {
        const hash = createHash('sha256').update(stringifyExactly(request)).digest('hex');
        const known = find.get(key, clock.now() - KEPT_MS);
        if (known === undefined) {
          const jobId = make();
          insert.run(key, hash, jobId, clock.now());
          return { jobId, repeated: false };
        }
        if (known.request_hash !== hash) {
          throw new AppError('idempotency_conflict', 'This Idempotency-Key was used for a different request.', {
            details: { jobId: known.job_id },
          });
        }
        return { jobId: String(known.job_id), repeated: true };
      }),
    prune: () => void prune.run(clock.now() - KEPT_MS),
  };
}
