/** How a job lies in its table: row to job and state to columns. Pure. */
import {
  JobErrorSchema,
  type JobOutput,
  type JobSource,
  type JobState,
  type JobSummary,
  type RunPhase,
} from '../../contract/jobs.ts';
import type { Row, SqlValue } from '../platform/database.ts';

export const SUMMARY_COLUMNS =
  'seq, id, source, state, attempt, run_at, phase, target, remote_id, started_at, ended_at, error, wanted_target, priority, title, node_count, tags, user_id, outputs, cost_micro_dollars, note, created_at';

/** In the order of STATE_ASSIGNMENTS. `started_at` and `target` outlive the run: the list shows where and when it was. */
export const STATE_ASSIGNMENTS =
  'state = ?, attempt = ?, run_at = ?, phase = ?, target = coalesce(?, target), remote_id = ?, started_at = coalesce(?, started_at), ended_at = ?, error = ?';

/** @param attempt of the state before, for the states that do not tell theirs */
export function stateValues(state: JobState, attempt: number, remoteId: string | null): SqlValue[] {
  switch (state.kind) {
    case 'queued':
      return ['queued', state.attempt, state.runAt, null, null, null, null, null, null];
    case 'running':
      return ['running', state.attempt, null, state.phase, state.target, state.remoteId, state.since, null, null];
    case 'completed':
      return ['completed', attempt, null, null, state.target, remoteId, null, state.endedAt, null];
    case 'failed':
      return ['failed', state.attempt, null, null, null, remoteId, null, state.endedAt, JSON.stringify(state.error)];
    case 'cancelled':
      return ['cancelled', attempt, null, null, null, remoteId, null, state.endedAt, null];
  }
}

export function stateOf(row: Row): JobState {
  const attempt = Number(row.attempt);
  switch (row.state) {
    case 'queued':
      return { kind: 'queued', runAt: Number(row.run_at), attempt };
    case 'running':
      return {
        kind: 'running',
        target: String(row.target),
        remoteId: textOrNull(row.remote_id),
        phase: String(row.phase) as RunPhase,
        since: Number(row.started_at),
        attempt,
      };
    case 'completed':
      return { kind: 'completed', target: String(row.target), endedAt: Number(row.ended_at) };
    case 'failed':
      return {
        kind: 'failed',
        error: JobErrorSchema.parse(JSON.parse(String(row.error))),
        endedAt: Number(row.ended_at),
        attempt,
      };
    case 'cancelled':
      return { kind: 'cancelled', endedAt: Number(row.ended_at) };
    default:
      throw new Error(`the jobs table holds an unknown state: ${String(row.state)}`);
  }
}

export function summaryOf(row: Row): JobSummary {
  return {
    id: String(row.id),
    source: String(row.source) as JobSource,
    state: stateOf(row),
    wantedTarget: String(row.wanted_target),
    priority: Number(row.priority),
    title: textOrNull(row.title),
    nodeCount: Number(row.node_count),
    tags: JSON.parse(String(row.tags)),
    userId: textOrNull(row.user_id),
    createdAt: Number(row.created_at),
    ranOn: textOrNull(row.target),
    startedAt: numberOrNull(row.started_at),
    outputs: Number(row.outputs),
    costMicroDollars: numberOrNull(row.cost_micro_dollars),
    note: textOrNull(row.note),
  };
}

export const outputOf = (row: Row): JobOutput => ({
  n: Number(row.n),
  nodeId: String(row.node_id),
  filename: String(row.filename),
  type: String(row.type),
  bytes: Number(row.bytes),
  sha256: textOrNull(row.sha256),
  home: row.home === null || row.home === undefined ? null : JSON.parse(String(row.home)),
});

export const textOrNull = (value: SqlValue | undefined): string | null =>
  value === null || value === undefined ? null : String(value);
export const numberOrNull = (value: SqlValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);
