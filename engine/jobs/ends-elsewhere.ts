/** How jobs ended that ran on an endpoint or another server, told like the prompts of the supervised ComfyUI. Told once each. */
import type { PromptEnd } from '../../contract/events.ts';
import type { JobSummary } from '../../contract/jobs.ts';
import type { Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { JobQueue } from './queue.ts';
import type { JobStore } from './store.ts';

export interface EndsElsewhere {
  onEnd(listener: (end: PromptEnd) => void): Unsubscribe;
}

/** @param local the target whose ends are told by ComfyUI itself */
export function createEndsElsewhere(
  { queue, store, clock }: { readonly queue: JobQueue; readonly store: JobStore; readonly clock: Clock },
  local: string,
): EndsElsewhere {
  const ended = createListeners<PromptEnd>();
  /** Where a job runs, and since when. */
  const running = new Map<string, { readonly target: string; readonly since: number }>();

  function note({ id, state }: Pick<JobSummary, 'id' | 'state'>): void {
    if (state.kind === 'running' && state.target !== local) running.set(id, state);
  }

  function endOf(job: JobSummary, target: string, since: number): PromptEnd {
    const { state } = job;
    const at = 'endedAt' in state ? state.endedAt : clock.now();
    const images = (store.job(job.id)?.files ?? []).filter(({ type }) => type.startsWith('image/'));
    return {
      promptId: job.id,
      at,
      outcome: state.kind === 'completed' ? 'completed' : state.kind === 'failed' ? 'failed' : 'interrupted',
      title: job.title,
      seconds: (at - since) / 1000,
      images: images.slice(0, 100).map(({ filename }) => ({ filename, subfolder: '', type: 'output' })),
      message: state.kind === 'failed' ? state.error.message : null,
      target,
    };
  }

  for (const job of store.running()) note(job);
  queue.onChange(({ job }) => {
    note(job);
    const run = running.get(job.id);
    if (run === undefined || job.state.kind === 'running') return;
    running.delete(job.id);
    if (job.state.kind !== 'queued') ended.notify(endOf(job, run.target, run.since));
  });
  return { onEnd: (listener) => ended.add(listener) };
}
