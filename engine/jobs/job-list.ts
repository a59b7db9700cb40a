/** The list of jobs, newest first or in the order of what waits, filtered and paged; fast at 100,000 rows because every filter but the search follows an index. */
import { JOB_STATES, type JobStateName, type JobSummary } from '../../contract/jobs.ts';
import { AppError } from '../platform/app-error.ts';
import type { Database, Row, SqlValue, Statement } from '../platform/database.ts';
import { SUMMARY_COLUMNS, summaryOf } from './job-rows.ts';

export interface JobFilter {
  /** All when missing. */
  readonly states?: readonly JobStateName[] | undefined;
  readonly target?: string | undefined;
  readonly tag?: string | undefined;
  readonly userId?: string | undefined;
  /** In title, id and tags, ignoring the case of ASCII letters. */
  readonly search?: string | undefined;
}

export interface JobPage {
  readonly jobs: readonly JobSummary[];
  /** For the next page; null at the end. */
  readonly nextCursor: string | null;
}

export interface JobListing {
  /**
   * Newest first.
   * @param cursor of the page before
   * @throws AppError invalid_request for a cursor that is none
   */
  page(filter: JobFilter, limit: number, cursor?: string): JobPage;
  /** What waits, in the order in which it will run. States of the filter are not looked at. */
  waiting(filter: JobFilter, limit: number, cursor?: string): JobPage;
}

const NEWEST = 'seq DESC';
/** Named: the planner would rather sort all that waits. */
const WAITING = 'jobs INDEXED BY jobs_waiting';
const BY_PLACE = 'priority DESC, place, seq';

export function createJobListing(database: Database): JobListing {
  const statements = new Map<string, Statement>();
  const statement = (sql: string): Statement => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };

  function rows(from: string, conditions: readonly Condition[], order: string, limit: number): Row[] {
    const where = conditions.map(({ sql }) => sql).join(' AND ');
    return statement(
      `SELECT ${SUMMARY_COLUMNS}, place FROM ${from} ${where === '' ? '' : `WHERE ${where} `}ORDER BY ${order} LIMIT ?`,
    ).all(...conditions.flatMap(({ values }) => values), limit);
  }

  return {
    page(filter, limit, cursor) {
      const after: Condition[] = cursor === undefined ? [] : [{ sql: 'seq < ?', values: [seqOf(cursor)] }];
      // One index walk for each state, put together again: an IN over several states would sort everything that fits.
      const found =
        filter.target === undefined && (filter.states === undefined || filter.states.length === JOB_STATES.length)
          ? rows('jobs', [...conditionsOf(filter, null), ...after], NEWEST, limit + 1)
          : (filter.states ?? JOB_STATES)
              .flatMap((state) => rows('jobs', [...conditionsOf(filter, state), ...after], NEWEST, limit + 1))
              .sort((left, right) => Number(right.seq) - Number(left.seq));
      return pageOf(found, limit, ({ seq }) => String(seq));
    },
    waiting(filter, limit, cursor) {
      const shared = conditionsOf(filter, 'queued');
      const inOrder = (conditions: readonly Condition[], most: number) => rows(WAITING, conditions, BY_PLACE, most);
      if (cursor === undefined) return pageOf(inOrder(shared, limit + 1), limit, placeOf);
      const [priority, place, seq] = placeFrom(cursor);
      // The rest of the cursor's own priority, then the lower ones: each is one walk of the index from the right place.
      const here = [...shared, { sql: 'priority = ? AND (place, seq) > (?, ?)', values: [priority, place, seq] }];
      const found = inOrder(here, limit + 1);
      const lower = [...shared, { sql: 'priority < ?', values: [priority] }];
      if (found.length <= limit) found.push(...inOrder(lower, limit + 1 - found.length));
      return pageOf(found, limit, placeOf);
    },
  };
}

function pageOf(found: readonly Row[], limit: number, cursorOf: (row: Row) => string): JobPage {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    jobs: shown.map(summaryOf),
    nextCursor: found.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}

const placeOf = ({ priority, place, seq }: Row): string => `${priority}:${place}:${seq}`;

function placeFrom(cursor: string): [priority: number, place: number, seq: number] {
  const parts = cursor.split(':');
  const [priority, place, seq] = parts.map(Number);
  if (parts.length !== 3 || !parts.every((part) => part !== '' && Number.isFinite(Number(part))))
    throw noCursor(cursor);
  return [priority ?? 0, place ?? 0, seq ?? 0];
}

function seqOf(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw noCursor(cursor);
  return Number(cursor);
}

function noCursor(cursor: string): AppError {
  return new AppError('invalid_request', `"${cursor.slice(0, 40)}" is no cursor of this list.`, {
    details: { field: 'cursor' },
  });
}

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** @param state null for every one */
function conditionsOf(filter: JobFilter, state: JobStateName | null): Condition[] {
  const conditions: Condition[] = [];
  const add = (sql: string, ...values: SqlValue[]) => conditions.push({ sql, values });
  // Word for word: the index of what waits is one of this very condition.
  if (state === 'queued') add(`state = 'queued'`);
  else if (state !== null) add('state = ?', state);
  // A job that waits again still tells where it was before.
  if (filter.target !== undefined) add(state === 'queued' ? 'wanted_target = ?' : 'target = ?', filter.target);
  if (filter.userId !== undefined) add('user_id = ?', filter.userId);
  if (filter.tag !== undefined) add('seq IN (SELECT seq FROM job_tags WHERE tag = ?)', filter.tag);
  if (filter.search !== undefined && filter.search !== '') {
    const pattern = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`;
    add(
      String.raw`(title LIKE ? ESCAPE '\' OR id LIKE ? ESCAPE '\' OR tags LIKE ? ESCAPE '\')`,
      pattern,
      pattern,
      pattern,
    );
  }
  return conditions;
}
