/** Which job made which file of ComfyUI's output folder, as the results tell it. Reads only. */
import { ComfyFileSchema } from '../../contract/jobs.ts';
import type { Database, Row } from '../platform/database.ts';

export interface OutputHome {
  readonly jobId: string;
  /** Where it ran. */
  readonly target: string;
  /** With `/` between folders; empty at the top. */
  readonly subfolder: string;
  readonly filename: string;
}

export interface OutputHomes {
  ofJob(jobId: string): OutputHome[];
  /** @param after `seq` of the last job of the page before @returns `last` null at the end */
  page(after: number, limit: number): { readonly homes: OutputHome[]; readonly last: number | null };
}

export function createOutputHomes(database: Database): OutputHomes {
  const columns = 'jobs.seq, jobs.id, jobs.target, job_outputs.home';
  const ofJob = database.prepare(
    `SELECT ${columns} FROM jobs JOIN job_outputs USING (seq) WHERE jobs.id = ? AND home IS NOT NULL`,
  );
  const page = database.prepare(`
    SELECT ${columns} FROM (SELECT * FROM jobs WHERE seq > ? AND outputs > 0 ORDER BY seq LIMIT ?) AS jobs
    JOIN job_outputs USING (seq) WHERE home IS NOT NULL ORDER BY jobs.seq`);
  const last = database.prepare(
    'SELECT max(seq) AS last FROM (SELECT seq FROM jobs WHERE seq > ? AND outputs > 0 ORDER BY seq LIMIT ?)',
  );
  return {
    ofJob: (jobId) => ofJob.all(jobId).flatMap(homeOf),
    page(after, limit) {
      const reached = last.get(after, limit)?.last;
      return {
        homes: page.all(after, limit).flatMap(homeOf),
        last: reached === null || reached === undefined ? null : Number(reached),
      };
    },
  };
}

function homeOf(row: Row): OutputHome[] {
  const home = ComfyFileSchema.safeParse(JSON.parse(String(row.home)));
  if (!home.success || home.data.type !== 'output' || row.target === null) return [];
  const { subfolder, filename } = home.data;
  return [{ jobId: String(row.id), target: String(row.target), subfolder, filename }];
}
