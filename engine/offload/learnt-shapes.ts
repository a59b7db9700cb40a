/** Shapes of workflows for which the memory of this computer was too small, kept across restarts. Knows no job. */
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';

export interface LearntShapes {
  isTooLarge(shape: string): boolean;
  /** Inside a commit of the caller's. */
  learn(shape: string): void;
  /** It ran here after all. Inside a commit of the caller's. */
  forget(shape: string): void;
  isEmpty(): boolean;
}

export function createLearntShapes({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): LearntShapes {
  const find = database.prepare('SELECT 1 FROM shapes_too_large WHERE shape = ?');
  const any = database.prepare('SELECT 1 FROM shapes_too_large LIMIT 1');
  const learn = database.prepare('INSERT OR REPLACE INTO shapes_too_large (shape, at) VALUES (?, ?)');
  const forget = database.prepare('DELETE FROM shapes_too_large WHERE shape = ?');
  return {
    isTooLarge: (shape) => find.get(shape) !== undefined,
    learn: (shape) => void learn.run(shape, clock.now()),
    forget: (shape) => void forget.run(shape),
    isEmpty: () => any.get() === undefined,
  };
}
