/**
 * Durable writes by the thousand: what is asked for in one turn of the event loop shares one transaction, and so one wait for the disk.
 * Each piece of work is all or nothing by itself: one that throws is undone alone, and its caller hears of it.
 */
import type { Database } from '../platform/database.ts';

export interface GroupCommit {
  /** Runs `work` soon; resolves with its result when it is on disk. Rejects with what it threw, or when the commit failed. */
  commit<Result>(work: () => Result): Promise<Result>;
  /** Writes what waits, at once. */
  flush(): void;
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: unknown };

/** A turn may bring more; past this the others have waited long enough. */
const MOST_AT_ONCE = 500;

export function createGroupCommit(database: Database): GroupCommit {
  const savepoint = database.prepare('SAVEPOINT piece');
  const release = database.prepare('RELEASE piece');
  const undo = database.prepare('ROLLBACK TO piece');
  const waiting: Waiting[] = [];
  let scheduled = false;

  function runPiece(work: () => unknown): Outcome {
    savepoint.run();
    try {
      const result = work();
      release.run();
      return { ok: true, result };
    } catch (error) {
      undo.run();
      release.run();
      return { ok: false, error };
    }
  }

  function runGroup(group: readonly Waiting[]): void {
    let outcomes: Outcome[];
    try {
      outcomes = database.transaction(() => group.map(({ work }) => runPiece(work)));
    } catch (error) {
      // Nothing of the group is on disk.
      for (const { reject } of group) reject(error);
      return;
    }
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.ok) group[index]?.resolve(outcome.result);
      else group[index]?.reject(outcome.error);
    }
  }

  function flush(): void {
    scheduled = false;
    while (waiting.length > 0) runGroup(waiting.splice(0, MOST_AT_ONCE));
  }

  return {
    commit: (work) =>
      new Promise((resolve, reject) => {
        waiting.push({ work, resolve: resolve as (result: unknown) => void, reject });
        if (scheduled) return;
        scheduled = true;
        setImmediate(flush);
      }),
    flush,
  };
}
