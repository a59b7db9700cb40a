/** Jobs as the engine lists them, for tests of what shows or passes them on. Not checked here: who serves them checks the schema. */
import type { Job, JobState, JobSummary } from '../../contract/jobs.ts';

const MOMENT = 1_795_000_000_000;

export function jobSummary(changes: Partial<JobSummary> = {}): JobSummary {
  return {
    id: 'job-1',
    source: 'page',
    state: { kind: 'queued', runAt: MOMENT, attempt: 1 },
    wantedTarget: 'local',
    priority: 0,
    title: 'portrait',
    nodeCount: 9,
    tags: [],
    userId: null,
    createdAt: MOMENT,
    ranOn: null,
    startedAt: null,
    outputs: 0,
    costMicroDollars: null,
    note: null,
    ...changes,
  };
}

export const runningState = (changes: Partial<Extract<JobState, { kind: 'running' }>> = {}): JobState => ({
  kind: 'running',
  target: 'local',
  remoteId: 'prompt-1',
  phase: 'executing',
  since: MOMENT,
  attempt: 1,
  ...changes,
});

/** @param summary the row of the list that it belongs to */
export function jobOf(summary: JobSummary, changes: Partial<Job> = {}): Job {
  return {
    ...summary,
    workflow: {
      '3': { class_type: 'KSampler', inputs: { seed: 42, steps: 20, model: ['4', 0] } },
      '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'portrait', images: ['3', 0] } },
    },
    progress: null,
    files: [],
    timeline: [{ at: summary.createdAt, message: 'Queued.' }],
    ...changes,
  };
}
