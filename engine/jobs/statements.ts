/** The SQL of the durable queue, prepared once. Only store.ts runs it. */
import { LOCAL_TARGET } from '../../contract/targets.ts';
import type { Database } from '../platform/database.ts';
import { STATE_ASSIGNMENTS, SUMMARY_COLUMNS } from './job-rows.ts';

export function prepareStatements(database: Database) {
  return {
    seq: database.prepare('SELECT seq FROM jobs WHERE id = ?'),
    insert: database.prepare(`
      INSERT INTO jobs (id, source, state, max_attempts, run_at, wanted_target, priority, place, title, node_count, tags, user_id, created_at)
      VALUES (?, ?, 'queued', ?, ?, ?, ?, (SELECT coalesce(max(seq), 0) + 1 FROM jobs), ?, ?, ?, ?, ?)`),
    insertWorkflow: database.prepare(
      'INSERT INTO job_workflows (seq, workflow, extra_data, request) VALUES (?, ?, ?, ?)',
    ),
    insertTag: database.prepare('INSERT INTO job_tags (tag, seq) VALUES (?, ?)'),
    summary: database.prepare(
      `SELECT ${SUMMARY_COLUMNS}, max_attempts, runs, moved_from, move_to FROM jobs WHERE id = ?`,
    ),
    setState: database.prepare(`UPDATE jobs SET ${STATE_ASSIGNMENTS} WHERE id = ?`),
    addTimeline: database.prepare('INSERT INTO job_timeline (seq, at, message) VALUES (?, ?, ?)'),
    timeline: database.prepare('SELECT at, message FROM job_timeline WHERE seq = ? ORDER BY rowid'),
    waiting: database.prepare(`
      SELECT id, wanted_target, source, attempt, priority, place FROM jobs INDEXED BY jobs_waiting
      WHERE state = 'queued' AND run_at <= ? ORDER BY priority DESC, place LIMIT ?`),
    waitingFor: database.prepare(`
      SELECT id, wanted_target, source, attempt, priority, place FROM jobs INDEXED BY jobs_waiting_for
      WHERE state = 'queued' AND wanted_target = ? AND run_at <= ? ORDER BY priority DESC, place LIMIT ?`),
    nextRunAt: database.prepare(`SELECT min(run_at) AS at FROM jobs WHERE state = 'queued' AND run_at > ?`),
    hurry: database.prepare(`UPDATE jobs SET run_at = ? WHERE state = 'queued' AND run_at > ?`),
    running: database.prepare(
      `SELECT ${SUMMARY_COLUMNS}, runs, move_to FROM jobs WHERE state = 'running' ORDER BY seq`,
    ),
    activeOn: database.prepare(`
      SELECT id FROM jobs WHERE (state = 'queued' AND wanted_target = ?) OR (state = 'running' AND target = ?) ORDER BY seq`),
    countRun: database.prepare('UPDATE jobs SET runs = runs + 1 WHERE id = ?'),
    notBegun: database.prepare(`
      SELECT id, source, wanted_target, target, state FROM jobs
      WHERE (state = 'queued' AND wanted_target IN (SELECT value FROM json_each(?)))
        OR (state = 'running' AND target IN (SELECT value FROM json_each(?)) AND phase IN ('submitting', 'waiting'))
      ORDER BY state DESC, priority DESC, place LIMIT ?`),
    movedNotBegun: database.prepare(`
      SELECT id, source, wanted_target, target, state, moved_from FROM jobs
      WHERE moved_from IS NOT NULL AND (state = 'queued' OR (state = 'running' AND phase IN ('submitting', 'waiting')))
      ORDER BY priority DESC, place`),
    countNotBegun: database.prepare(`
      SELECT
        (SELECT count(*) FROM jobs WHERE state = 'queued' AND wanted_target IN (SELECT value FROM json_each(?))) +
        (SELECT count(*) FROM jobs
          WHERE state = 'running' AND target IN (SELECT value FROM json_each(?)) AND phase IN ('submitting', 'waiting'))
        AS count`),
    countMovedNotBegun: database.prepare(`
      SELECT count(*) AS count FROM jobs
      WHERE moved_from IS NOT NULL AND (state = 'queued' OR (state = 'running' AND phase IN ('submitting', 'waiting')))`),
    countWaitingFor: database.prepare(
      `SELECT count(*) AS count FROM jobs WHERE state = 'queued' AND wanted_target = ?`,
    ),
    wantElsewhere: database.prepare(`
      UPDATE jobs SET move_to = ?
      WHERE id = ? AND (state = 'queued' OR (state = 'running' AND phase IN ('submitting', 'waiting')))`),
    // Back to what it wanted at first is not moved any more.
    settleMove: database.prepare(`
      UPDATE jobs SET
        moved_from = CASE
          WHEN state <> 'queued' THEN moved_from
          ELSE nullif(coalesce(moved_from, wanted_target), move_to) END,
        wanted_target = CASE WHEN state = 'queued' THEN move_to ELSE wanted_target END,
        move_to = NULL
      WHERE id = ? AND move_to IS NOT NULL`),
    stay: database.prepare('UPDATE jobs SET move_to = NULL WHERE id = ?'),
    wantFromNowOn: database.prepare('UPDATE jobs SET wanted_target = ?, moved_from = NULL WHERE id = ?'),
    keptPrompts: database.prepare(`
      SELECT id FROM jobs INDEXED BY jobs_waiting WHERE state = 'queued' AND source = 'page' AND wanted_target = '${LOCAL_TARGET}' ORDER BY priority DESC, place`),
    putFirst: database.prepare(`
      UPDATE jobs SET place = (SELECT min(place) FROM jobs WHERE state IN ('queued', 'running')) - 1 WHERE id = ?`),
    forgetRequest: database.prepare(`
      UPDATE job_workflows SET request = NULL WHERE seq = (SELECT seq FROM jobs WHERE id = ?)`),
    payload: database.prepare(
      'SELECT workflow, extra_data, request FROM jobs JOIN job_workflows USING (seq) WHERE id = ?',
    ),
    setNote: database.prepare('UPDATE jobs SET note = ? WHERE id = ? AND note IS NOT ?'),
    setCost: database.prepare('UPDATE jobs SET cost_micro_dollars = ? WHERE id = ?'),
    clearOutputs: database.prepare('DELETE FROM job_outputs WHERE seq = ?'),
    addOutput: database.prepare(
      'INSERT INTO job_outputs (seq, n, node_id, filename, type, bytes, sha256, home) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    setOutputCount: database.prepare('UPDATE jobs SET outputs = ? WHERE seq = ?'),
    outputs: database.prepare('SELECT * FROM job_outputs WHERE seq = ? ORDER BY n'),
    output: database.prepare('SELECT job_outputs.* FROM jobs JOIN job_outputs USING (seq) WHERE id = ? AND n = ?'),
    usesOf: database.prepare('SELECT count(*) AS count FROM job_outputs WHERE sha256 = ?'),
    place: database.prepare(`SELECT place, priority FROM jobs WHERE id = ? AND state = 'queued'`),
    placeBefore: database.prepare(`
      SELECT max(place) AS place FROM jobs WHERE state = 'queued' AND priority = ? AND place < ? AND id <> ?`),
    setPlace: database.prepare(`UPDATE jobs SET place = ?, priority = ? WHERE id = ? AND state = 'queued'`),
    setPlaceLast: database.prepare(`
      UPDATE jobs SET priority = (SELECT min(priority) FROM jobs WHERE state = 'queued'),
        place = ((SELECT max(place) FROM jobs WHERE state = 'queued') + (SELECT max(seq) + 1 FROM jobs)) / 2
      WHERE id = ? AND state = 'queued'`),
    remove: database.prepare(`DELETE FROM jobs WHERE id = ? AND state NOT IN ('queued', 'running')`),
    endedBefore: database.prepare(`
      SELECT id FROM jobs WHERE state IN ('completed', 'failed', 'cancelled') AND ended_at < ? ORDER BY seq LIMIT ?`),
    counts: database.prepare('SELECT state, count FROM job_counts'),
  };
}
