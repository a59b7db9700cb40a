/**
 * Moves jobs that have not begun to another target, and back. Each by itself: what cannot move stays where it is and says why.
 * States are written by the queue alone; whether a job had begun is its target's answer.
 */
import type { OffloadAnswer } from '../../contract/offload.ts';
import { LOCAL_TARGET } from '../../contract/targets.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { AUTO } from '../jobs/scheduler.ts';
import type { JobStore, NotBegunJob } from '../jobs/store.ts';
import { AppError } from '../platform/app-error.ts';
import type { Target } from '../targets/target.ts';
import { onlyShowsInPage, wantsOnlySome } from './page-outputs.ts';

export interface OffloadDeps {
  readonly store: Pick<
    JobStore,
    'notBegun' | 'movedNotBegun' | 'movedFrom' | 'summary' | 'state' | 'payload' | 'waitingFor'
  >;
  readonly queue: Pick<JobQueue, 'moveTo'>;
  readonly targets: () => readonly Target[];
}

export interface Offload {
  /** @param ids without them all that would run on this computer @throws AppError target_unknown */
  move(target: string, ids?: readonly string[]): Promise<OffloadAnswer>;
  /** Where it was before. @param ids without them all that were moved */
  bringBack(ids?: readonly string[]): Promise<OffloadAnswer>;
  /** A person brought it back: no rule moves it again. */
  wasBroughtBack(id: string): boolean;
  /** Why that job cannot go to that target, in words; null when it can. @param ahead that go there before */
  whyNot(id: string, target: Target, ahead: number): Promise<string | null>;
}

/** Whose jobs run on this computer. */
export const AT_HOME: readonly string[] = [AUTO, LOCAL_TARGET];

type Moves = Promise<{ readonly id: string; readonly reason: string | null }>;

export function createOffload({ store, queue, targets }: OffloadDeps): Offload {
  /** Of this engine's life: a rule may move them again after a restart. */
  const broughtBack = new Set<string>();

  function existing(name: string): Target {
    const others = targets().filter((target) => target.name !== LOCAL_TARGET);
    const found = others.find((target) => target.name === name);
    if (found !== undefined) return found;
    const message =
      name === LOCAL_TARGET ? 'Jobs come back to local with bring-back.' : `There is no target "${name}".`;
    throw new AppError('target_unknown', message, { details: { targets: others.map((target) => target.name) } });
  }

  async function whyNot(id: string, target: Target, ahead: number): Promise<string | null> {
    const payload = store.payload(id);
    if (payload === null) return 'There is no such job.';
    if (onlyShowsInPage(payload.workflow)) return "Its results only go to ComfyUI's page: elsewhere nothing is saved.";
    if (wantsOnlySome(payload.workflow, payload.request))
      return 'Only some of its outputs are wanted: elsewhere all are made.';
    const { refusal } = target.offer();
    return refusal ?? (await target.accepts?.(payload, ahead)) ?? null;
  }

  /** What waits in our own queue first: it must not follow into the place that another has just left. */
  const waitingFirst = <Job extends Pick<NotBegunJob, 'heldBy'>>(jobs: readonly Job[]): Job[] =>
    [...jobs].sort((one, other) => Number(one.heldBy !== null) - Number(other.heldBy !== null));

  /** The named ones, in the order they were named in, also those that have begun: the queue says so. */
  const chosen = (ids: readonly string[]): Omit<NotBegunJob, 'source'>[] =>
    [...new Set(ids)].map((id) => {
      const job = store.summary(id);
      const heldBy = job?.state.kind === 'running' ? job.state.target : null;
      return { id, wantedTarget: job?.wantedTarget ?? '', heldBy };
    });

  /** Nothing is asked of a target about a job that cannot move anyhow. */
  function stuck(id: string): string | null {
    const state = store.state(id);
    if (state === null) return 'There is no such job.';
    if (state.kind === 'queued') return null;
    if (state.kind !== 'running') return 'It has ended.';
    return state.phase === 'submitting' || state.phase === 'waiting' ? null : 'It runs already.';
  }

  async function answerOf(moves: readonly Moves[]): Promise<OffloadAnswer> {
    const done = await Promise.all(moves);
    return {
      moved: done.flatMap(({ id, reason }) => (reason === null ? [{ id }] : [])),
      stayed: done.flatMap(({ id, reason }) => (reason === null ? [] : [{ id, reason }])),
    };
  }

  return {
    whyNot,
    wasBroughtBack: (id) => broughtBack.has(id),
    async move(name, ids) {
      const target = existing(name);
      const jobs = waitingFirst(ids === undefined ? store.notBegun(AT_HOME) : chosen(ids));
      const asked: { readonly id: string; readonly reason: string | null; readonly isThere: boolean }[] = [];
      let going = 0;
      // First all questions, then all moves: what has arrived and is paid for already would be counted twice.
      for (const { id, wantedTarget, heldBy } of jobs) {
        const isThere = heldBy === name || (heldBy === null && wantedTarget === name);
        const reason = stuck(id) ?? (isThere ? null : await whyNot(id, target, store.waitingFor(name) + going));
        if (reason === null && !isThere) going += 1;
        asked.push({ id, reason, isThere });
      }
      return answerOf(
        asked.map(async ({ id, reason, isThere }) => ({
          id,
          reason: reason ?? (isThere ? null : await queue.moveTo(id, name)),
        })),
      );
    },

    async bringBack(ids) {
      const jobs = ids === undefined ? store.movedNotBegun() : chosen(ids);
      return answerOf(
        waitingFirst(jobs).map(async ({ id }) => {
          const before = store.movedFrom(id);
          broughtBack.add(id);
          const reason = stuck(id) ?? (before === null ? 'It was not moved.' : await queue.moveTo(id, before));
          if (reason !== null) broughtBack.delete(id);
          return { id, reason };
        }),
      );
    },
  };
}
