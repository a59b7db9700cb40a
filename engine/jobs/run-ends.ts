/** Writes down how a run on a target ended: results, failure, or back to the queue. Each in one commit, so that no end is told by halves. */
import type { Workflow } from '../../contract/jobs.ts';
import type { Clock } from '../platform/clock.ts';
import type { RunEnd, Targets } from '../targets/target.ts';
import type { Declined } from './declined.ts';
import type { GroupCommit } from './group-commit.ts';
import type { ResultsHome } from './results-home.ts';
import { isWanted } from './scheduler.ts';
import type { JobEvent } from './state.ts';
import type { JobStore, RunningJob } from './store.ts';

export type Settling = Exclude<RunEnd, { kind: 'detached' }>;

export interface RunEnds {
  /** Resolves when it is on disk. */
  settle(id: string, state: RunningJob['state'], end: Settling): Promise<void>;
}

export interface RunEndsDeps {
  readonly store: JobStore;
  readonly group: GroupCommit;
  readonly declined: Pick<Declined, 'add'>;
  readonly targets: Pick<Targets, 'list'>;
  readonly resultsHome: ResultsHome;
  /** A run has ended; inside the commit that says so. */
  readonly learn: (target: string, workflow: Workflow, end: RunEnd) => void;
  readonly clock: Clock;
}

/** Until what failed is tried again. */
export const AGAIN_MS = 2000;

export function createRunEnds(deps: RunEndsDeps): RunEnds {
  const { store, group, clock } = deps;

  /** Before the job is called complete. */
  async function broughtHome(id: string, { target, since }: RunningJob['state'], end: Settling): Promise<Settling> {
    const payload = end.kind === 'completed' ? store.payload(id) : null;
    if (end.kind !== 'completed' || payload === null) return end;
    const { outputs, note } = await deps.resultsHome.bring({ id, target, startedAt: since, payload }, end.outputs);
    return { ...end, outputs, note: [end.note, note].filter((each) => each !== null).join(' ') || null };
  }

  function learn(id: string, target: string, end: RunEnd): void {
    const payload = store.payload(id);
    if (payload !== null) deps.learn(target, payload.workflow, end);
  }

  function complete(id: string, target: string, end: Extract<RunEnd, { kind: 'completed' }>): void {
    if (store.apply(id, { kind: 'completed' }, `Done: ${countOf(end.outputs.length)}.`) === null) return;
    store.setOutputs(id, end.outputs);
    store.setNote(id, end.note);
    learn(id, target, end);
    store.forgetRequest(id);
  }

  function fail(id: string, target: string, end: Extract<RunEnd, { kind: 'failed' }>): void {
    const { error, again } = end;
    // What was lost with its ComfyUI keeps its place before what waited behind it.
    const pauseMs = error.code === 'prompt_lost' ? 0 : AGAIN_MS;
    const event: JobEvent = { kind: 'failed', error, again: again ? { runAt: clock.now() + pauseMs } : null };
    learn(id, target, end);
    store.apply(id, event, error.message);
  }

  /** It has certainly not started: where another target may have it, that one has it at once. */
  function giveBack(id: string, target: string, end: Extract<RunEnd, { kind: 'notStarted' }>): void {
    const wanted = store.summary(id)?.wantedTarget ?? target;
    const others = deps.targets
      .list()
      .filter(({ target: { name }, automatic }) => name !== target && isWanted({ name, automatic }, wanted));
    const waitMs = others.length === 0 ? end.retryInMs : 0;
    if (others.length > 0) deps.declined.add(id, target, end.reason, end.retryInMs);
    store.apply(id, { kind: 'returned', runAt: clock.now() + waitMs }, `Not started on ${target}: ${end.reason}`);
    store.setNote(id, end.reason);
  }

  return {
    async settle(id, state, ended) {
      const end = await broughtHome(id, state, ended);
      const { target } = state;
      await group.commit(() => {
        switch (end.kind) {
          case 'completed':
            return complete(id, target, end);
          case 'failed':
            return fail(id, target, end);
          case 'cancelled':
            return void store.apply(id, { kind: 'cancelled' }, 'Cancelled.');
          case 'notStarted':
            return giveBack(id, target, end);
        }
      });
    },
  };
}

const countOf = (files: number): string => (files === 1 ? '1 file' : `${files} files`);
