/** The endpoints the user has told about, in the jobs database. The key is not here: it is a secret by the endpoint's name. */
import type { EndpointBody } from '../../../contract/endpoints.ts';
import { numberOrNull, textOrNull } from '../../jobs/job-rows.ts';
import type { Database, Row, SqlValue } from '../../platform/database.ts';

export interface StoredEndpoint extends EndpointBody {
  readonly name: string;
  /** Why nothing is sent to it now; null while it is used. */
  readonly paused: string | null;
}

export interface EndpointStore {
  list(): StoredEndpoint[];
  find(name: string): StoredEndpoint | null;
  /** Keeps whether it is paused. */
  save(name: string, body: EndpointBody): void;
  setPaused(name: string, reason: string | null): void;
  remove(name: string): void;
}

export function createEndpointStore(database: Database): EndpointStore {
  const list = database.prepare('SELECT * FROM endpoints ORDER BY name');
  const find = database.prepare('SELECT * FROM endpoints WHERE name = ?');
  const save = database.prepare(`
    INSERT INTO endpoints (name, endpoint_id, base_url, micro_dollars_per_second, max_jobs, execution_timeout_seconds,
      cap_per_job, cap_per_day, cap_per_month) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET endpoint_id = excluded.endpoint_id, base_url = excluded.base_url,
      micro_dollars_per_second = excluded.micro_dollars_per_second, max_jobs = excluded.max_jobs,
      execution_timeout_seconds = excluded.execution_timeout_seconds, cap_per_job = excluded.cap_per_job,
      cap_per_day = excluded.cap_per_day, cap_per_month = excluded.cap_per_month`);
  const setPaused = database.prepare('UPDATE endpoints SET paused = ? WHERE name = ?');
  const remove = database.prepare('DELETE FROM endpoints WHERE name = ?');
  return {
    list: () => list.all().map(endpointOf),
    find(name) {
      const row = find.get(name);
      return row === undefined ? null : endpointOf(row);
    },
    save(name, body) {
      const values: SqlValue[] = [
        body.endpointId,
        body.baseUrl.replace(/\/+$/, ''),
        body.microDollarsPerSecond,
        body.maxJobs,
        body.executionTimeoutSeconds,
        body.capPerJob,
        body.capPerDay,
        body.capPerMonth,
      ];
      save.run(name, ...values);
    },
    setPaused: (name, reason) => void setPaused.run(reason, name),
    remove: (name) => void remove.run(name),
  };
}

const endpointOf = (row: Row): StoredEndpoint => ({
  name: String(row.name),
  endpointId: String(row.endpoint_id),
  baseUrl: String(row.base_url),
  microDollarsPerSecond: Number(row.micro_dollars_per_second),
  maxJobs: Number(row.max_jobs),
  executionTimeoutSeconds: Number(row.execution_timeout_seconds),
  capPerJob: numberOrNull(row.cap_per_job),
  capPerDay: numberOrNull(row.cap_per_day),
  capPerMonth: numberOrNull(row.cap_per_month),
  paused: textOrNull(row.paused),
});
