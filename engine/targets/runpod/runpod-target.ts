/**
 * A RunPod endpoint as a target. Nothing is sent that could pass a limit: the worst a job can cost is held, on disk, before it leaves, and
 * what it did cost is booked at its end. An endpoint that eats time without results pauses itself.
 */
import type { JobError, Workflow } from '../../../contract/jobs.ts';
import type { GroupCommit } from '../../jobs/group-commit.ts';
import { allowedSeconds, dollars, refusal, worstCost } from '../../money/budget.ts';
import type { Ledger } from '../../money/ledger.ts';
import { paidTime } from '../../money/run-time.ts';
import { toAppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { createListeners } from '../../platform/listeners.ts';
import { createBreaker } from '../breaker.ts';
import { createWake } from '../comfyui/wake.ts';
import { jobError } from '../job-error.ts';
import type { RunEnd, TargetTask } from '../target.ts';
import { createTargetElsewhere, type TargetElsewhere } from '../target-elsewhere.ts';
import type { StoredEndpoint } from './endpoint-store.ts';
import type { PackagedJob } from './package-job.ts';
import type { RunpodApi } from './runpod-api.ts';
import { type Paid, type RunEnding, runOnRunpod } from './runpod-run.ts';

export interface RunpodTargetDeps {
  /** As it is now; null once it was removed. */
  readonly endpoint: () => StoredEndpoint | null;
  readonly key: () => string | null;
  readonly api: RunpodApi;
  readonly ledger: Ledger;
  readonly group: GroupCommit;
  /** What the endpoint is known to lack; null when nothing is known to be missing. */
  readonly lacks: (endpoint: string, workflow: Workflow) => JobError | null;
  readonly packageJob: (workflow: Workflow) => Promise<PackagedJob>;
  readonly fetchUrl: (url: string) => Promise<AsyncIterable<Uint8Array>>;
  readonly clock: Clock;
  readonly random: () => number;
  /** It ate time without results, so often in a row that it should rest. */
  readonly onUseless: (reason: string) => void;
}

export type RunpodTarget = TargetElsewhere;

interface Access {
  readonly endpoint: StoredEndpoint;
  readonly key: string;
}

const BUDGET_RETRY_MS = 60_000;
const KEY_LOOK_MS = 60_000;
/** Paid runs in a row that brought nothing. */
const USELESS_RUNS = 3;
/** RunPod keeps a job for so long at most, waiting and running together. */
const TTL_MS = 24 * 3600 * 1000;

export function createRunpodTarget(name: string, deps: RunpodTargetDeps): RunpodTarget {
  const { ledger, group, clock } = deps;
  const changed = createListeners<void>();
  const breaker = createBreaker({ name, clock, isTrouble: ({ code }) => TROUBLE.has(code) });
  const api = watched(deps.api, breaker.watch);
  /** Jobs that are let in, and whose worst cost is not on disk yet: the limits count them all the same. */
  let unreserved = 0;
  let uselessRuns = 0;

  /** @param ahead jobs that will be sent before */
  function whyNot(ahead = 0): string | null {
    const endpoint = deps.endpoint();
    if (endpoint === null) return `There is no endpoint "${name}" any more.`;
    if (endpoint.paused !== null) return `${name} is paused: ${endpoint.paused}`;
    if (deps.key() === null) return `There is no API key for ${name}.`;
    return refusal(endpoint, ledger.spend(name), ahead + unreserved);
  }

  /** @returns how many of so many jobs the limits let in now, each at its worst */
  function affordable(most: number): number {
    const endpoint = deps.endpoint();
    if (endpoint === null) return 0;
    const spend = ledger.spend(name);
    let count = 0;
    while (count < most && refusal(endpoint, spend, unreserved + count) === null) count += 1;
    return count;
  }

  /** What runs there already is followed as soon as there is a key again: it costs, whether we look or not. */
  async function usable(task: TargetTask): Promise<Access | RunEnd> {
    const wake = createWake([task.detach]);
    const stopListening = changed.add(wake.ring);
    try {
      for (;;) {
        if (task.detach.aborted) return { kind: 'detached' };
        const endpoint = deps.endpoint();
        const key = deps.key();
        if (endpoint !== null && key !== null) return { endpoint, key };
        if (endpoint === null) {
          const error = jobError('outcome_unknown', `The endpoint "${name}" was removed while it had the job.`);
          return { kind: 'failed', error, again: false };
        }
        await wake.wait(clock, KEY_LOOK_MS);
      }
    } finally {
      stopListening();
      wake.close();
    }
  }

  /** What a new job may cost at its worst is held, on disk. */
  async function admit(task: TargetTask): Promise<Access | RunEnd> {
    const reason = whyNot();
    if (reason !== null) return { kind: 'notStarted', reason, retryInMs: BUDGET_RETRY_MS };
    const missing = deps.lacks(name, task.payload.workflow);
    if (missing !== null) return { kind: 'failed', error: missing, again: false };
    unreserved += 1;
    try {
      const access = await usable(task);
      if ('kind' in access) return access;
      await group.commit(() => ledger.reserve(task.jobId, task.run, name, worstCost(access.endpoint)));
      return access;
    } finally {
      unreserved -= 1;
    }
  }

  async function run(task: TargetTask): Promise<RunEnd> {
    if (wasNeverSent(task)) return NEVER_SENT;
    const access = await (task.start.kind === 'fresh' ? admit(task) : usable(task));
    if ('kind' in access) return access;
    const { endpoint, key } = access;
    const { end, paid } = await runOnRunpod(
      {
        api,
        endpoint: () => ({ baseUrl: endpoint.baseUrl, endpointId: endpoint.endpointId, key: deps.key() ?? key }),
        policy: { executionTimeoutMs: allowedSeconds(endpoint) * 1000, ttlMs: TTL_MS },
        packageJob: () => deps.packageJob(task.payload.workflow),
        fetchUrl: deps.fetchUrl,
        clock,
        random: deps.random,
        onBegan: (after) =>
          group.commit(() => {
            const held = ledger.held(task.jobId, task.run);
            if (held !== null) ledger.began(task.jobId, task.run, after ?? held.heldAt);
          }),
        onOwnTrouble(reason) {
          // On a full disk this is not written either.
          group
            .commit(() => task.remark(`${reason} Stoker tries again; RunPod keeps a result for half an hour.`))
            .catch(() => undefined);
        },
      },
      task,
    );
    await settle(task, end, paid, endpoint.microDollarsPerSecond);
    return end;
  }

  /** Money is held, on disk, before anything leaves: an engine that ended before that has sent nothing. */
  const wasNeverSent = ({ start, jobId, run }: TargetTask): boolean =>
    start.kind === 'resumed' && start.remoteId === null && !ledger.isKnown(jobId, run);

  async function settle(task: TargetTask, end: RunEnd, paid: Paid, price: number): Promise<void> {
    if (end.kind === 'detached') return;
    const executionMs = await group.commit(() => {
      if (paid === 'nothing') ledger.release(task.jobId, task.run);
      else if (paid === 'unknown') bookWorst(task);
      else return book(task, paid, price);
      return 0;
    });
    changed.notify();
    if (end.kind === 'completed') uselessRuns = 0;
    else if (end.kind === 'failed' && executionMs > 0) {
      uselessRuns += 1;
      if (uselessRuns >= USELESS_RUNS) {
        uselessRuns = 0;
        deps.onUseless(
          `${USELESS_RUNS} jobs in a row cost time and brought nothing. The last one: ${end.error.message}`,
        );
      }
    }
  }

  /** Nobody knows what it cost, and nobody will: it counts at its worst in the day and month it was sent, and is in flight no more. */
  function bookWorst({ jobId, run, costs, remark }: TargetTask): void {
    const held = ledger.held(jobId, run);
    if (held === null) return;
    ledger.book(jobId, run, { microDollars: held.microDollars, executionMs: null, delayMs: null });
    costs(ledger.costOf(jobId));
    remark(`Nobody knows what it cost: booked ${dollars(held.microDollars)}, the most it can have cost.`);
  }

  /** @returns the milliseconds that were booked */
  function book({ jobId, run, costs, remark }: TargetTask, ending: RunEnding, price: number): number {
    const held = ledger.held(jobId, run);
    if (held === null) return ending.executionMs ?? 0;
    const { ms, isGuess } = paidTime(ending, { ...held, waitingAt: ending.waitingAt, endedAt: ending.endedAt });
    const cost = (ms / 1000) * price;
    // RunPod ends a job at its limit: a guess never passes what was held.
    const microDollars = isGuess ? Math.min(cost, held.microDollars) : cost;
    ledger.book(jobId, run, { microDollars, executionMs: ms, delayMs: ending.delayMs });
    costs(ledger.costOf(jobId));
    if (isGuess) {
      remark(
        `RunPod does not say how long it ran: booked ${dollars(Math.ceil(microDollars))}, the most it can have cost.`,
      );
    }
    return ms;
  }

  const elsewhere = createTargetElsewhere({
    name,
    breaker,
    changed,
    offer(held) {
      const reason = whyNot();
      const most = deps.endpoint()?.maxJobs ?? 0;
      return { free: reason === null ? affordable(most - held) : 0, load: held, refusal: reason };
    },
    run,
  });
  return {
    ...elsewhere,
    async accepts({ workflow }, ahead) {
      const reason = whyNot(ahead);
      if (reason !== null) return reason;
      return deps.packageJob(workflow).then(
        () => null,
        (error: unknown) => toAppError(error).message,
      );
    },
  };
}

function watched(api: RunpodApi, watch: <Value>(call: Promise<Value>) => Promise<Value>): RunpodApi {
  return {
    ...api,
    run: (...parameters) => watch(api.run(...parameters)),
    status: (...parameters) => watch(api.status(...parameters)),
  };
}

/** RunPod itself is away or broken; 429 is an answer. */
const TROUBLE: ReadonlySet<string> = new Set(['runpod_unreachable', 'runpod_malformed']);

const NEVER_SENT: RunEnd = { kind: 'notStarted', reason: 'Stoker ended before it was sent.', retryInMs: 0 };
