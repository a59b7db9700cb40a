/** What runs have taught and the user has said about each place, in the jobs database. Writes go through a commit of the caller's. */
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database.ts';
import type { Lesson } from './lessons-of-run.ts';
import type { KnownPlace, KnownThings } from './parity.ts';
import { median, type WorkflowShape } from './shape.ts';

export interface GivenLists {
  /** Null: not said. */
  readonly nodeTypes: readonly string[] | null;
  readonly models: readonly string[] | null;
}

export interface LearntTime {
  readonly seconds: number;
  /** Runs that it was learnt from. */
  readonly runs: number;
}

export interface LessonStore {
  learn(target: string, lessons: readonly Lesson[]): void;
  learnTime(target: string, shape: WorkflowShape, executionMs: number): void;
  /** By runs of the same shape, else of the same nodes; null before the first. */
  timeOf(target: string, shape: WorkflowShape): LearntTime | null;
  place(target: string): KnownPlace;
  lists(target: string): GivenLists;
  /** What is in them is there, whatever an earlier run found. */
  setLists(target: string, lists: GivenLists): void;
  /** Forgets what runs have taught about what is there; times are kept. */
  forget(target: string): void;
}

const LAST_RUNS = 10;

export function createLessonStore({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): LessonStore {
  const learn = database.prepare(`
    INSERT INTO endpoint_lessons (endpoint, kind, name, present, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (endpoint, kind, name) DO UPDATE SET present = excluded.present, at = excluded.at`);
  const lessons = database.prepare('SELECT kind, name, present FROM endpoint_lessons WHERE endpoint = ?');
  const forget = database.prepare('DELETE FROM endpoint_lessons WHERE endpoint = ?');
  const forgetAbsent = database.prepare(
    'DELETE FROM endpoint_lessons WHERE endpoint = ? AND kind = ? AND name = ? AND present = 0',
  );
  const lists = database.prepare('SELECT node_types, models FROM endpoint_lists WHERE endpoint = ?');
  const setLists = database.prepare(
    'INSERT OR REPLACE INTO endpoint_lists (endpoint, node_types, models) VALUES (?, ?, ?)',
  );
  const addRun = database.prepare(
    'INSERT INTO learnt_runs (target, shape, node_types, execution_ms) VALUES (?, ?, ?, ?)',
  );
  const dropRuns = database.prepare(`
    DELETE FROM learnt_runs WHERE target = ? AND shape = ? AND id NOT IN
      (SELECT id FROM learnt_runs WHERE target = ? AND shape = ? ORDER BY id DESC LIMIT ${LAST_RUNS})`);
  const byShape = database.prepare(
    `SELECT execution_ms FROM learnt_runs WHERE target = ? AND shape = ? ORDER BY id DESC LIMIT ${LAST_RUNS}`,
  );
  const byTypes = database.prepare(
    `SELECT execution_ms FROM learnt_runs WHERE target = ? AND node_types = ? ORDER BY id DESC LIMIT ${LAST_RUNS}`,
  );

  function given(target: string): GivenLists {
    const row = lists.get(target);
    const list = (text: unknown): string[] | null => (typeof text === 'string' ? JSON.parse(text) : null);
    return { nodeTypes: list(row?.node_types), models: list(row?.models) };
  }

  return {
    learn(target, all) {
      for (const { kind, name, present } of all) learn.run(target, kind, name, present ? 1 : 0, clock.now());
    },
    learnTime(target, { shape, nodeTypes }, executionMs) {
      addRun.run(target, shape, nodeTypes, Math.round(executionMs));
      dropRuns.run(target, shape, target, shape);
    },
    timeOf(target, { shape, nodeTypes }) {
      const same = byShape.all(target, shape);
      const rows = same.length > 0 ? same : byTypes.all(target, nodeTypes);
      if (rows.length === 0) return null;
      return { seconds: median(rows.map((row) => Number(row.execution_ms))) / 1000, runs: rows.length };
    },
    place(target) {
      const rows = lessons.all(target);
      const { nodeTypes, models } = given(target);
      const things = (kind: string, listed: readonly string[] | null): KnownThings => {
        const names = (present: number): Set<string> =>
          new Set(
            rows.filter((row) => row.kind === kind && Number(row.present) === present).map(({ name }) => String(name)),
          );
        return { listed: listed === null ? null : new Set(listed), present: names(1), absent: names(0) };
      };
      return { nodeTypes: things('node', nodeTypes), models: things('model', models) };
    },
    lists: given,
    setLists(target, { nodeTypes, models }) {
      const text = (list: readonly string[] | null): string | null => (list === null ? null : JSON.stringify(list));
      setLists.run(target, text(nodeTypes), text(models));
      for (const name of nodeTypes ?? []) forgetAbsent.run(target, 'node', name);
      for (const name of models ?? []) forgetAbsent.run(target, 'model', name);
    },
    forget: (target) => void forget.run(target),
  };
}
