/**
 * Follows the queue and applies the user's rule to it: moves, or offers to move, what has not begun. A job about to begin here is looked at
 * first, so that it does not wake ComfyUI for nothing. What a target refuses stays, and is asked about again when something changes there.
 */
import type { JobNotice } from '../../contract/events.ts';
import type { JobSummary } from '../../contract/jobs.ts';
import { LOCAL_TARGET } from '../../contract/targets.ts';
import type { GroupCommit } from '../jobs/group-commit.ts';
import type { JobChange } from '../jobs/queue.ts';
import { AUTO } from '../jobs/scheduler.ts';
import type { JobStore, NotBegunJob } from '../jobs/store.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import { outOfMemoryLine } from '../supervisor/reasons/exit-evidence.ts';
import type { Target } from '../targets/target.ts';
import type { LearntShapes } from './learnt-shapes.ts';
import { AT_HOME, type Offload } from './offload.ts';
import { goesElsewhere, type Occasion, type OffloadWishes, offer, offloadTarget } from './rules.ts';
import { workflowShape } from './workflow-shape.ts';

export interface RuleWatchDeps {
  readonly wishes: () => OffloadWishes;
  readonly store: Pick<JobStore, 'notBegun' | 'notBegunCounts' | 'summary' | 'payload' | 'ranOn' | 'waitingFor'>;
  readonly queue: {
    moveTo(id: string, target: string): Promise<string | null>;
    onChange(listener: (change: JobChange) => void): Unsubscribe;
  };
  readonly offload: Pick<Offload, 'whyNot' | 'wasBroughtBack'>;
  readonly targets: { list(): readonly Target[]; onChange(listener: () => void): Unsubscribe };
  readonly shapes: LearntShapes;
  readonly group: GroupCommit;
  readonly tell: (notice: JobNotice) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RuleWatch {
  /** Where the rule sends a job that is about to go to that target; null when it stays. Never rejects. */
  elsewhere(id: string, target: string): Promise<string | null>;
  /** The rule has changed. */
  look(): void;
  close(): void;
}

/** A batch of submissions is one occasion. */
const PAUSE_MS = 250;
/** Looked at in one go, past those that stay. */
const LOOK_AHEAD = 200;

export function createRuleWatch(deps: RuleWatchDeps): RuleWatch {
  const { wishes, store, queue, offload, shapes, clock, log } = deps;
  let occasion: Occasion = 'none';
  /** They were refused, and nothing has changed since. */
  const refused = new Set<string>();
  let cancelTimer: CancelTimer | null = null;
  let looking = false;
  let closed = false;

  function target(): Target | null {
    const others = deps.targets.list().filter(({ name }) => name !== LOCAL_TARGET);
    const name = offloadTarget(
      wishes(),
      others.map((each) => each.name),
    );
    const found = others.find((each) => each.name === name);
    return found === undefined || found.offer().refusal !== null ? null : found;
  }

  function isTooLarge(id: string): boolean {
    if (wishes().offload !== 'vramTooSmall' || shapes.isEmpty()) return false;
    const payload = store.payload(id);
    return payload !== null && shapes.isTooLarge(workflowShape(payload.workflow));
  }

  /** Also asks the target whether it would take it. */
  async function shallGo(id: string, ahead: number, to: Target): Promise<boolean> {
    if (refused.has(id) || offload.wasBroughtBack(id)) return false;
    if (!goesElsewhere(wishes(), { ahead, isTooLarge: isTooLarge(id) })) return false;
    const reason = await offload.whyNot(id, to, store.waitingFor(to.name));
    if (reason !== null) refused.add(id);
    return reason === null;
  }

  async function lookOnce(): Promise<void> {
    const { movable } = store.notBegunCounts(AT_HOME);
    const to = target();
    const now = offer(wishes(), to === null ? 0 : movable, occasion);
    occasion = now.occasion;
    if (to === null) return;
    if (now.offers) deps.tell({ kind: 'offloadOffered', waiting: movable, target: to.name });
    const rule = wishes();
    if (rule.offload === 'never' || rule.offload === 'ask' || movable === 0) return;
    const jobs = store.notBegun(AT_HOME, rule.offloadLongerThan + LOOK_AHEAD);
    // From the back: what is nearest to its turn is moved last.
    for (const [ahead, job] of [...jobs.entries()].reverse()) {
      if (closed || !isOurs(job) || !(await shallGo(job.id, ahead, to))) continue;
      await queue.moveTo(job.id, to.name);
    }
  }

  function look(): void {
    if (closed || cancelTimer !== null) return;
    cancelTimer = clock.after(PAUSE_MS, () => {
      cancelTimer = null;
      if (looking) return look();
      looking = true;
      lookOnce()
        .catch((error: unknown) => log.error({ err: error }, 'the rule for waiting jobs could not be applied'))
        .finally(() => {
          looking = false;
        });
    });
  }

  /** What runs out of memory here goes elsewhere next time; what runs here after all does not. */
  function learn({ id, state }: JobSummary): void {
    const failed = state.kind === 'failed' && outOfMemoryLine([state.error.message]) !== null;
    const done = state.kind === 'completed' && state.target === LOCAL_TARGET && !shapes.isEmpty();
    if ((!failed && !done) || store.ranOn(id) !== LOCAL_TARGET) return;
    const payload = store.payload(id);
    if (payload === null) return;
    const shape = workflowShape(payload.workflow);
    deps.group
      .commit(() => (failed ? shapes.learn(shape) : shapes.forget(shape)))
      .catch((error: unknown) => log.error({ err: error }, 'what a workflow needs could not be learnt'));
  }

  const stop = [
    queue.onChange(({ job, progress }) => {
      if (job.state.kind !== 'queued' && job.state.kind !== 'running') {
        refused.delete(job.id);
        learn(job);
      }
      if (progress === null) look();
    }),
    deps.targets.onChange(() => {
      refused.clear();
      look();
    }),
  ];

  return {
    async elsewhere(id, about) {
      const job = about === LOCAL_TARGET ? store.summary(id) : null;
      const to = job !== null && isOurs(job) ? target() : null;
      if (to === null) return null;
      try {
        return (await shallGo(id, 0, to)) ? to.name : null;
      } catch (error) {
        log.error({ err: error, job: id }, 'the rule for waiting jobs could not be applied');
        return null;
      }
    },
    look() {
      refused.clear();
      look();
    },
    close() {
      closed = true;
      cancelTimer?.();
      for (const unsubscribe of stop) unsubscribe();
    },
  };
}

/** What was asked to run here by name stays. */
const isOurs = ({ source, wantedTarget }: Pick<NotBegunJob, 'source' | 'wantedTarget'>): boolean =>
  wantedTarget === AUTO || source === 'page';
