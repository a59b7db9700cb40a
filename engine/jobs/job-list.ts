/** The list of jobs, newest first, filtered and paged; fast at 100,000 rows because every filter but the search follows an index. */
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
   * @param cursor of the page before
   * @throws AppError invalid_request for a cursor that is none
   */
  page(filter: JobFilter, limit: number, cursor?: string): JobPage;
}

export function createJobListing(database: Database): JobListing {
  const statements = new Map<string, Statement>();
  const statement = (sql: string): Statement => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };

  function rows(conditions: readonly Condition[], limit: number): Row[] {
    const where = conditions.map(({ sql }) => sql).join(' AND ');
    return statement(
      `SELECT ${SUMMARY_COLUMNS} FROM jobs ${where === '' ? '' : `WHERE ${where} `}ORDER BY seq DESC LIMIT ?`,
    ).all(...conditions.flatMap(({ values }) => values), limit);
  }

  return {
    page(filter, limit, cursor) {
      const shared = conditionsOf(filter, cursor);
      // One index walk for each state, put together again: an IN over several states would sort everything that fits.
      const states = filter.states;
      const found =
        states === undefined || states.length === JOB_STATES.length
          ? rows(shared, limit + 1)
          : states
              .flatMap((state) => rows([{ sql: 'state = ?', values: [state] }, ...shared], limit + 1))
              .sort((left, right) => Number(right.seq) - Number(left.seq));
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return {
        jobs: shown.map(summaryOf),
        nextCursor: found.length > limit && last !== undefined ? String(last.seq) : null,
      };
    },
  };
}

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

function conditionsOf(filter: JobFilter, cursor: string | undefined): Condition[] {
  const conditions: Condition[] = [];
  const add = (sql: string, ...values: SqlValue[]) => conditions.push({ sql, values });
  if (cursor !== undefined) {
    if (!/^\d{1,15}$/.test(cursor)) {
      throw new AppError('invalid_request', `"${cursor.slice(0, 40)}" is no cursor of this list.`, {
        details: { field: 'cursor' },
      });
    }
    add('seq < ?', Number(cursor));
  }
  if (filter.target !== undefined) add('target = ?', filter.target);
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
