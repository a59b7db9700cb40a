/**
 * The tables of the durable queue, in a file of their own (`jobs.sqlite`, synchronous FULL: what was accepted survives the power).
 * Columns of a state are NULL outside of it, and SQLite checks that: no row can tell two stories.
 */
import type { Migration } from '../platform/database-migrations.ts';

/**
 * `seq` grows with every job and is the order of the list; `place` is the order of what waits. A new job's place is its `seq`; moving one
 * puts it between two others, always before the next `seq`.
 * The workflow, far larger than the rest, lies in a table of its own, so that listing reads little.
 */
export const JOB_MIGRATIONS: readonly Migration[] = [
  {
    id: 1,
    sql: `
      CREATE TABLE jobs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL CHECK (source IN ('api', 'page')),
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
        attempt INTEGER NOT NULL DEFAULT 1,
        max_attempts INTEGER NOT NULL,
        run_at INTEGER CHECK ((run_at IS NOT NULL) = (state = 'queued')),
        phase TEXT CHECK (phase IN ('submitting', 'waiting', 'executing', 'fetching', 'cancelling')),
        target TEXT CHECK (state <> 'running' OR target IS NOT NULL),
        remote_id TEXT,
        started_at INTEGER,
        ended_at INTEGER CHECK ((ended_at IS NOT NULL) = (state IN ('completed', 'failed', 'cancelled'))),
        error TEXT CHECK ((error IS NOT NULL) = (state = 'failed')),
        wanted_target TEXT NOT NULL,
        priority INTEGER NOT NULL,
        place REAL NOT NULL,
        title TEXT,
        node_count INTEGER NOT NULL,
        tags TEXT NOT NULL,
        user_id TEXT,
        outputs INTEGER NOT NULL DEFAULT 0,
        cost_micro_dollars INTEGER,
        note TEXT,
        created_at INTEGER NOT NULL,
        CHECK ((phase IS NOT NULL) = (state = 'running'))
      ) STRICT;
      CREATE INDEX jobs_waiting ON jobs (priority DESC, place) WHERE state = 'queued';
      CREATE INDEX jobs_running ON jobs (target) WHERE state = 'running';
      CREATE INDEX jobs_by_state ON jobs (state, seq);
      CREATE INDEX jobs_by_user ON jobs (user_id, seq) WHERE user_id IS NOT NULL;
      CREATE INDEX jobs_by_target ON jobs (target, seq) WHERE target IS NOT NULL;
      CREATE TABLE job_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO job_counts (state, count) VALUES ('queued', 0), ('running', 0), ('completed', 0), ('failed', 0), ('cancelled', 0);
      CREATE TRIGGER jobs_counted AFTER INSERT ON jobs BEGIN
        UPDATE job_counts SET count = count + 1 WHERE state = new.state;
      END;
      CREATE TRIGGER jobs_recounted AFTER UPDATE OF state ON jobs WHEN old.state <> new.state BEGIN
        UPDATE job_counts SET count = count - 1 WHERE state = old.state;
        UPDATE job_counts SET count = count + 1 WHERE state = new.state;
      END;
      CREATE TRIGGER jobs_uncounted AFTER DELETE ON jobs BEGIN
        UPDATE job_counts SET count = count - 1 WHERE state = old.state;
      END;
      CREATE TABLE job_workflows (
        seq INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
        workflow TEXT NOT NULL,
        extra_data TEXT
      ) STRICT;
      CREATE TABLE job_tags (
        tag TEXT NOT NULL,
        seq INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
        PRIMARY KEY (tag, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX job_tags_of ON job_tags (seq);
      CREATE TABLE job_outputs (
        seq INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
        n INTEGER NOT NULL,
        node_id TEXT NOT NULL,
        filename TEXT NOT NULL,
        type TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (seq, n)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX job_outputs_by_content ON job_outputs (sha256);
      CREATE TABLE job_timeline (
        seq INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        message TEXT NOT NULL
      ) STRICT;
      CREATE INDEX job_timeline_of ON job_timeline (seq);
      CREATE TABLE idempotency_keys (
        key TEXT PRIMARY KEY,
        request_hash TEXT NOT NULL,
        job_id TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
    `,
  },
  {
    id: 2,
    sql: `
      CREATE TABLE endpoints (
        name TEXT PRIMARY KEY,
        endpoint_id TEXT NOT NULL,
        base_url TEXT NOT NULL,
        micro_dollars_per_second INTEGER NOT NULL,
        max_jobs INTEGER NOT NULL,
        execution_timeout_seconds INTEGER NOT NULL,
        cap_per_job INTEGER,
        cap_per_day INTEGER,
        cap_per_month INTEGER,
        paused TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE spend (
        job_id TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        endpoint TEXT NOT NULL,
        at INTEGER NOT NULL,
        reserved INTEGER NOT NULL,
        booked INTEGER,
        execution_ms INTEGER,
        delay_ms INTEGER,
        PRIMARY KEY (job_id, attempt)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX spend_by_endpoint ON spend (endpoint, at);
    `,
  },
  {
    // What lies in ComfyUI's own folders is not copied, and a prompt of the page is kept word for word: its seeds do not fit a number.
    id: 3,
    sql: `
      ALTER TABLE job_workflows ADD COLUMN request TEXT;
      ALTER TABLE job_outputs RENAME TO job_outputs_before;
      DROP INDEX job_outputs_by_content;
      CREATE TABLE job_outputs (
        seq INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
        n INTEGER NOT NULL,
        node_id TEXT NOT NULL,
        filename TEXT NOT NULL,
        type TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        sha256 TEXT,
        home TEXT,
        PRIMARY KEY (seq, n),
        CHECK (sha256 IS NOT NULL OR home IS NOT NULL)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO job_outputs (seq, n, node_id, filename, type, bytes, sha256)
        SELECT seq, n, node_id, filename, type, bytes, sha256 FROM job_outputs_before;
      DROP TABLE job_outputs_before;
      CREATE INDEX job_outputs_by_content ON job_outputs (sha256) WHERE sha256 IS NOT NULL;
    `,
  },
  {
    // `moved_from`: what it wanted before it was moved. `move_to`: where it goes when the target that has it gives it back unstarted.
    // `runs` counts every claim: attempts begin anew with a retry, and money held for one run must never be taken for another's.
    id: 4,
    sql: `
      ALTER TABLE jobs ADD COLUMN moved_from TEXT;
      ALTER TABLE jobs ADD COLUMN move_to TEXT;
      ALTER TABLE jobs ADD COLUMN runs INTEGER NOT NULL DEFAULT 0;
      UPDATE jobs SET runs = max(attempt, (SELECT coalesce(max(spend.attempt), 0) FROM spend WHERE spend.job_id = jobs.id));
      CREATE INDEX jobs_wanted ON jobs (wanted_target) WHERE state = 'queued';
      CREATE INDEX jobs_moved ON jobs (state) WHERE moved_from IS NOT NULL;
      ALTER TABLE spend RENAME COLUMN attempt TO run;
      CREATE TABLE shapes_too_large (shape TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `,
  },
  {
    // `jobs_waiting_for`: what waits for a target that takes none must not hide what could go elsewhere.
    id: 5,
    sql: `
      CREATE TABLE servers (
        name TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        max_jobs INTEGER NOT NULL,
        automatic INTEGER NOT NULL CHECK (automatic IN (0, 1))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX jobs_waiting_for ON jobs (wanted_target, priority DESC, place) WHERE state = 'queued';
    `,
  },
  {
    // What runs have taught: when a paid run began, what an endpoint has and lacks, how long workflows of a shape take.
    id: 6,
    sql: `
      ALTER TABLE spend ADD COLUMN began_after INTEGER;
      CREATE TABLE endpoint_lists (
        endpoint TEXT PRIMARY KEY,
        node_types TEXT,
        models TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE endpoint_lessons (
        endpoint TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('node', 'model')),
        name TEXT NOT NULL,
        present INTEGER NOT NULL CHECK (present IN (0, 1)),
        at INTEGER NOT NULL,
        PRIMARY KEY (endpoint, kind, name)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE learnt_runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        target TEXT NOT NULL,
        shape TEXT NOT NULL,
        node_types TEXT NOT NULL,
        execution_ms INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX learnt_runs_by_shape ON learnt_runs (target, shape, id);
      CREATE INDEX learnt_runs_by_types ON learnt_runs (target, node_types, id);
    `,
  },
  {
    id: 7,
    sql: 'ALTER TABLE servers ADD COLUMN paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1));',
  },
];
