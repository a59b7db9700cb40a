/**
 * The durable queue: every job, its state and its results in SQLite. The only writer of these tables. What it returns has been
 * written, not yet committed: callers run writes through a group commit and answer when that has resolved.
 */
import { randomUUID } from 'node:crypto';
import { parseExactly, stringifyExactly } from '../../contract/exact-json.ts';
import type { Job, JobOutput, JobSource, JobState, JobStateName, JobSummary, Workflow } from '../../contract/jobs.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, Row } from '../platform/database.ts';
import { outputOf, stateOf, stateValues, summaryOf, textOrNull } from './job-rows.ts';
import { type JobEvent, transition } from './state.ts';
import { prepareStatements } from './statements.ts';

export interface NewJob {
  /** Given where ComfyUI's own prompt id is the name; else one is made. */
  readonly id?: string;
  readonly source: JobSource;
  readonly workflow: Workflow;
  readonly extraData: Readonly<Record<string, unknown>> | null;
  /** What a client of ComfyUI sent to `POST /prompt`, word for word, with a `prompt_id`. Only ComfyUI itself understands all of it. */
  readonly request?: string;
  readonly wantedTarget: string;
  readonly priority: number;
  readonly title: string | null;
  readonly tags: readonly string[];
  readonly userId: string | null;
  readonly maxAttempts: number;
}

/** A job that waits for a target, as the scheduler sees it. */
export interface WaitingJob {
  readonly id: string;
  readonly wantedTarget: string;
  readonly source: JobSource;
  readonly attempt: number;
}

export interface RunningJob {
  readonly id: string;
  /** From 1, and never the same for two runs of one job. */
  readonly run: number;
  /** Where it shall go instead, should it not have begun; null when it shall stay. */
  readonly moveTo: string | null;
  readonly state: Extract<JobState, { kind: 'running' }>;
}

export interface NotBegunJob {
  readonly id: string;
  readonly source: JobSource;
  readonly wantedTarget: string;
  /** Null while it waits for one. */
  readonly heldBy: string | null;
}

export interface JobPayload {
  readonly workflow: Workflow;
  readonly extraData: Readonly<Record<string, unknown>> | null;
  /** Of a page's prompt: what to send to ComfyUI, word for word. */
  readonly request: string | null;
}

export interface JobStore {
  add(job: NewJob): string;
  /** @returns the new state, or null when the event changes nothing or there is no such job */
  apply(id: string, event: JobEvent, message?: string): JobState | null;
  /**
   * What may run at that time (epoch milliseconds), best first: the first of all, and the first of those that ask for each of the `wishes`,
   * so that what cannot go hides nothing that can.
   */
  waiting(
    now: number,
    limit: number,
    wishes: readonly { readonly wanted: string; readonly limit: number }[],
  ): WaitingJob[];
  /** Epoch milliseconds of the next job that waits for a time after that; null when none does. */
  nextRunAt(now: number): number | null;
  /** What waits for a time waits no longer: circumstances have changed. */
  hurry(): void;
  running(): RunningJob[];
  /** Prompts of ComfyUI's page that wait for it here, in their order. */
  keptPrompts(): string[];
  /** Before everything that waits or runs. */
  putFirst(id: string): void;
  /** Its request is forgotten: it may hold tokens of the user's, and is never needed again. */
  forgetRequest(id: string): void;
  /** Waits for, or runs on, one of these targets. */
  activeOn(targets: readonly string[]): string[];
  /** What has not begun, as far as is known, and is wanted by, or lies with, one of these targets; in its order. */
  notBegun(targets: readonly string[], limit?: number): NotBegunJob[];
  /** What was moved and has not begun, as far as is known. */
  movedNotBegun(): (NotBegunJob & { readonly movedFrom: string })[];
  /** Counts of the two above. */
  notBegunCounts(targets: readonly string[]): { readonly movable: number; readonly returnable: number };
  /** How many wait for that target by name. */
  waitingFor(target: string): number;
  /**
   * A waiting job wants another target from now on (`moved`), and remembers what it wanted at first. Of a running one it is written down
   * that it shall go there when its target gives it back (`asked`). Null when it has begun or ended, is being cancelled, or is not there.
   */
  wantElsewhere(id: string, target: string): 'moved' | 'asked' | null;
  /** A running job stays where it is after all. */
  stay(id: string): void;
  /** For a job that begins anew: where it shall run, and nothing to bring back. */
  wantFromNowOn(id: string, target: string): void;
  /** What it wanted before it was moved. */
  movedFrom(id: string): string | null;
  /** The target that has it or had it last. */
  ranOn(id: string): string | null;
  /** Of its last claim, from 1. */
  lastRun(id: string): number;
  state(id: string): JobState | null;
  summary(id: string): JobSummary | null;
  /** Everything but its live progress. */
  job(id: string): Omit<Job, 'progress'> | null;
  payload(id: string): JobPayload | null;
  /** True when that is another note than before. */
  setNote(id: string, note: string | null): boolean;
  setCost(id: string, microDollars: number | null): void;
  /** One more line in its timeline. */
  remark(id: string, message: string): void;
  /** The results of a job, all at once: a second call replaces them. */
  setOutputs(id: string, outputs: readonly Omit<JobOutput, 'n'>[]): void;
  output(id: string, n: number): JobOutput | null;
  /** How many jobs still use this content: a file goes with its last. */
  usesOf(sha256: string): number;
  /** Puts a waiting job before another, or last. False when one of them does not wait. */
  moveBefore(id: string, other: string | null): boolean;
  /** False while it waits or runs, and when there is none. */
  remove(id: string): boolean;
  /** Jobs that ended before that time, oldest first. */
  endedBefore(time: number, limit: number): string[];
  counts(): Record<JobStateName, number>;
}

export function createJobStore({ database, clock }: { readonly database: Database; readonly clock: Clock }): JobStore {
  const sql = prepareStatements(database);

  const seqOf = (id: string): number | null => {
    const row = sql.seq.get(id);
    return row === undefined ? null : Number(row.seq);
  };

  function tell(seq: number, message: string): void {
    sql.addTimeline.run(seq, clock.now(), message);
  }

  return {
    add(job) {
      const id = job.id ?? randomUUID();
      const now = clock.now();
      const { lastInsertRowid } = sql.insert.run(
        id,
        job.source,
        job.maxAttempts,
        now,
        job.wantedTarget,
        job.priority,
        job.title,
        Object.keys(job.workflow).length,
        JSON.stringify(job.tags),
        job.userId,
        now,
      );
      const seq = Number(lastInsertRowid);
      sql.insertWorkflow.run(
        seq,
        stringifyExactly(job.workflow),
        job.extraData === null ? null : stringifyExactly(job.extraData),
        job.request ?? null,
      );
      for (const tag of new Set(job.tags)) sql.insertTag.run(tag, seq);
      return id;
    },
    apply(id, event, message) {
      const row = sql.summary.get(id);
      if (row === undefined) return null;
      const next = transition(stateOf(row), event, { maxAttempts: Number(row.max_attempts) }, clock.now());
      if (next === null) return null;
      sql.setState.run(...stateValues(next, Number(row.attempt), textOrNull(row.remote_id)), id);
      if (event.kind === 'claimed') sql.countRun.run(id);
      if (message !== undefined) tell(Number(row.seq), message);
      if (next.kind !== 'running' && sql.settleMove.run(id).changes === 1 && next.kind === 'queued') {
        tell(Number(row.seq), movedWords(String(row.move_to)));
      }
      return next;
    },
    waiting(now, limit, wishes) {
      const first = sql.waiting.all(now, limit);
      // Fewer than asked for: they are all.
      const more =
        first.length < limit ? [] : wishes.flatMap((wish) => sql.waitingFor.all(wish.wanted, now, wish.limit));
      const rows = [...new Map([...first, ...more].map((row) => [row.id, row])).values()];
      if (more.length > 0) rows.sort(byTurn);
      return rows.map((row) => ({
        id: String(row.id),
        wantedTarget: String(row.wanted_target),
        source: String(row.source) as JobSource,
        attempt: Number(row.attempt),
      }));
    },
    nextRunAt(now) {
      const at = sql.nextRunAt.get(now)?.at;
      return at === null || at === undefined ? null : Number(at);
    },
    hurry() {
      sql.hurry.run(clock.now(), clock.now());
    },
    running: () =>
      sql.running.all().flatMap((row) => {
        const state = stateOf(row);
        if (state.kind !== 'running') return [];
        return [{ id: String(row.id), state, run: Number(row.runs), moveTo: textOrNull(row.move_to) }];
      }),
    keptPrompts: () => sql.keptPrompts.all().map((row) => String(row.id)),
    putFirst: (id) => void sql.putFirst.run(id),
    forgetRequest: (id) => void sql.forgetRequest.run(id),
    activeOn: (targets) => targets.flatMap((target) => sql.activeOn.all(target, target).map((row) => String(row.id))),
    notBegun: (targets, limit = Number.MAX_SAFE_INTEGER) => {
      const rows = sql.notBegun.all(JSON.stringify(targets), JSON.stringify(targets), limit);
      return rows.map(notBegunOf);
    },
    movedNotBegun: () =>
      sql.movedNotBegun.all().map((row) => ({ ...notBegunOf(row), movedFrom: String(row.moved_from) })),
    notBegunCounts: (targets) => ({
      movable: Number(sql.countNotBegun.get(JSON.stringify(targets), JSON.stringify(targets))?.count ?? 0),
      returnable: Number(sql.countMovedNotBegun.get()?.count ?? 0),
    }),
    waitingFor: (target) => Number(sql.countWaitingFor.get(target)?.count ?? 0),
    wantElsewhere(id, target) {
      if (sql.wantElsewhere.run(target, id).changes === 0) return null;
      const row = sql.summary.get(id);
      if (row === undefined || row.state !== 'queued') return 'asked';
      sql.settleMove.run(id);
      tell(Number(row.seq), movedWords(target));
      return 'moved';
    },
    stay: (id) => void sql.stay.run(id),
    wantFromNowOn: (id, target) => void sql.wantFromNowOn.run(target, id),
    movedFrom: (id) => textOrNull(sql.summary.get(id)?.moved_from),
    ranOn: (id) => textOrNull(sql.summary.get(id)?.target),
    lastRun: (id) => Number(sql.summary.get(id)?.runs ?? 0),
    state(id) {
      const row = sql.summary.get(id);
      return row === undefined ? null : stateOf(row);
    },
    summary(id) {
      const row = sql.summary.get(id);
      return row === undefined ? null : summaryOf(row);
    },
    job(id) {
      const row = sql.summary.get(id);
      const payload = row === undefined ? null : payloadOf(sql.payload.get(id));
      if (row === undefined || payload === null) return null;
      return {
        ...summaryOf(row),
        workflow: payload.workflow,
        files: sql.outputs.all(Number(row.seq)).map(outputOf),
        timeline: sql.timeline
          .all(Number(row.seq))
          .map((entry) => ({ at: Number(entry.at), message: String(entry.message) })),
      };
    },
    payload: (id) => payloadOf(sql.payload.get(id)),
    setNote: (id, note) => sql.setNote.run(note, id, note).changes === 1,
    setCost: (id, microDollars) => void sql.setCost.run(microDollars, id),
    remark(id, message) {
      const seq = seqOf(id);
      if (seq !== null) tell(seq, message);
    },
    setOutputs(id, outputs) {
      const seq = seqOf(id);
      if (seq === null) return;
      sql.clearOutputs.run(seq);
      for (const [n, output] of outputs.entries()) {
        const home = output.home === null ? null : JSON.stringify(output.home);
        sql.addOutput.run(seq, n, output.nodeId, output.filename, output.type, output.bytes, output.sha256, home);
      }
      sql.setOutputCount.run(outputs.length, seq);
    },
    output(id, n) {
      const row = sql.output.get(id, n);
      return row === undefined ? null : outputOf(row);
    },
    usesOf: (sha256) => Number(sql.usesOf.get(sha256)?.count ?? 0),
    moveBefore(id, other) {
      const moved = sql.place.get(id);
      if (moved === undefined) return false;
      if (other === null) return sql.setPlaceLast.run(id).changes === 1;
      const before = sql.place.get(other);
      if (before === undefined) return false;
      const place = Number(before.place);
      const previous = sql.placeBefore.get(Number(before.priority), place, id)?.place;
      const from = previous === null || previous === undefined ? place - 1 : Number(previous);
      return sql.setPlace.run((from + place) / 2, Number(before.priority), id).changes === 1;
    },
    remove: (id) => sql.remove.run(id).changes === 1,
    endedBefore: (time, limit) => sql.endedBefore.all(time, limit).map((row) => String(row.id)),
    counts() {
      const counts: Record<JobStateName, number> = { queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
      for (const row of sql.counts.all()) counts[String(row.state) as JobStateName] = Number(row.count);
      return counts;
    },
  };
}

const byTurn = (one: Row, other: Row): number =>
  Number(other.priority) - Number(one.priority) || Number(one.place) - Number(other.place);
const movedWords = (target: string): string => `Moved to ${target}.`;

const notBegunOf = (row: Row): NotBegunJob => ({
  id: String(row.id),
  source: String(row.source) as JobSource,
  wantedTarget: String(row.wanted_target),
  heldBy: row.state === 'running' ? textOrNull(row.target) : null,
});

function payloadOf(row: Row | undefined): JobPayload | null {
  if (row === undefined) return null;
  const extraData = textOrNull(row.extra_data);
  return {
    workflow: parseExactly(String(row.workflow)) as Workflow,
    extraData: extraData === null ? null : (parseExactly(extraData) as Record<string, unknown>),
    request: textOrNull(row.request),
  };
}
