/** Days of work for the dashboard's browser tests: a few jobs of every kind, or a hundred thousand. */
import type { Job, JobOutput, JobState, JobSummary } from '../../contract/jobs.ts';
import type { TargetStatus } from '../../contract/targets.ts';
import { jobOf, jobSummary, runningState } from './job-fixtures.ts';

const MINUTE = 60_000;

export const POD: TargetStatus = {
  name: 'pod-4090',
  kind: 'runpod',
  free: 3,
  load: 1,
  refusal: null,
  automatic: false,
};
export const LOCAL: TargetStatus = { name: 'local', kind: 'local', free: 0, load: 4, refusal: null, automatic: true };

const queued = (now: number, runAt = now): JobState => ({ kind: 'queued', runAt, attempt: 1 });
const completed = (endedAt: number, target = 'local'): JobState => ({ kind: 'completed', target, endedAt });

/** Newest first, as the engine lists them. */
export function everyKindOfJob(now: number): JobSummary[] {
  const started = (minutesAgo: number) => ({
    createdAt: now - (minutesAgo + 2) * MINUTE,
    startedAt: now - minutesAgo * MINUTE,
  });
  return [
    jobSummary({
      id: 'w4',
      title: 'upscale/4x_with_very_long_filename_prefix_that_somebody_generated_by_hand_2026-11-21',
      nodeCount: 31,
      createdAt: now - MINUTE,
      state: queued(now),
    }),
    jobSummary({
      id: 'w3',
      title: 'poster',
      source: 'api',
      wantedTarget: 'pod-4090',
      tags: ['poster', 'client-7'],
      createdAt: now - 2 * MINUTE,
      state: queued(now),
      note: 'The limit of the day is reached: $5.00 of $5.00.',
    }),
    jobSummary({ id: 'w2', title: 'portrait_of_a_lighthouse_keeper', createdAt: now - 3 * MINUTE, state: queued(now) }),
    jobSummary({ id: 'w1', title: null, nodeCount: 3, createdAt: now - 4 * MINUTE, state: queued(now) }),
    jobSummary({
      id: 'r2',
      title: 'flux_landscape',
      source: 'api',
      wantedTarget: 'pod-4090',
      ranOn: 'pod-4090',
      tags: ['client-7'],
      ...started(3),
      state: runningState({ target: 'pod-4090', phase: 'waiting', since: now - 40_000, remoteId: 'abc-1' }),
    }),
    jobSummary({
      id: 'r1',
      title: 'portrait_of_a_lighthouse_keeper',
      ranOn: 'local',
      ...started(1),
      state: runningState({ since: now - 72_000 }),
    }),
    jobSummary({
      id: 'd3',
      title: 'portrait_of_a_lighthouse_keeper',
      ranOn: 'local',
      outputs: 4,
      ...started(9),
      state: completed(now - 8 * MINUTE),
    }),
    jobSummary({
      id: 'f1',
      title: 'video_of_waves',
      source: 'api',
      wantedTarget: 'pod-4090',
      ranOn: 'pod-4090',
      costMicroDollars: 42_300,
      ...started(30),
      state: {
        kind: 'failed',
        endedAt: now - 22 * MINUTE,
        attempt: 1,
        error: {
          code: 'runpod_job_failed',
          message:
            'The worker failed: torch.OutOfMemoryError: Allocation on device 0 would exceed allowed memory while running KSampler (node 3).',
          next: 'Read the reason of the worker; nothing is retried unasked.',
        },
      },
    }),
    jobSummary({
      id: 'f2',
      title: 'sketch',
      source: 'api',
      wantedTarget: 'pod-4090',
      ranOn: 'pod-4090',
      costMicroDollars: null,
      ...started(50),
      state: {
        kind: 'failed',
        endedAt: now - 48 * MINUTE,
        attempt: 1,
        error: {
          code: 'outcome_unknown',
          message: 'RunPod did not answer the submission; whether it runs is not known.',
          next: 'Look at the target whether it ran. Retrying may run it, and cost, a second time.',
        },
      },
    }),
    jobSummary({
      id: 'c1',
      title: 'test',
      ...started(70),
      ranOn: 'local',
      state: { kind: 'cancelled', endedAt: now - 69 * MINUTE },
    }),
    jobSummary({
      id: 'd2',
      title: 'flux_landscape',
      source: 'api',
      wantedTarget: 'pod-4090',
      ranOn: 'pod-4090',
      outputs: 1,
      costMicroDollars: 318_400,
      tags: ['client-7'],
      ...started(26 * 60),
      state: completed(now - (26 * 60 - 17) * MINUTE, 'pod-4090'),
    }),
    jobSummary({
      id: 'd1',
      title: 'first_light',
      ranOn: 'local',
      outputs: 1,
      ...started(80 * 60),
      state: completed(now - (80 * 60 - 1) * MINUTE),
    }),
  ];
}

/** Some wait, most have ended. */
export function manyJobs(now: number, count: number): JobSummary[] {
  return Array.from({ length: count }, (_each, index) => {
    const createdAt = now - index * 45_000;
    const waits = index < count / 10;
    return jobSummary({
      id: `job-${count - index}`,
      title: `series_${String(count - index).padStart(6, '0')}`,
      createdAt,
      ranOn: waits ? null : 'local',
      startedAt: waits ? null : createdAt + 1000,
      outputs: waits ? 0 : 1,
      state: waits
        ? queued(now)
        : index % 17 === 0
          ? { kind: 'cancelled', endedAt: createdAt + 9000 }
          : completed(createdAt + 13_000),
    });
  });
}

const output = (n: number, changes: Partial<JobOutput> = {}): JobOutput => ({
  n,
  nodeId: '9',
  filename: `portrait_of_a_lighthouse_keeper_0000${n + 1}_.png`,
  type: 'image/png',
  bytes: 1_482_113 + n * 41_000,
  sha256: 'a'.repeat(64),
  home: null,
  ...changes,
});

/** The whole of a job from its row, with the files and the timeline that such a one has. */
export function wholeJob(summary: JobSummary): Job {
  const { createdAt, startedAt, state } = summary;
  const timeline = [{ at: createdAt, message: 'Queued.' }];
  if (startedAt !== null) timeline.push({ at: startedAt, message: `Given to ${summary.ranOn}.` });
  if (state.kind === 'completed') timeline.push({ at: state.endedAt, message: `Done: ${summary.outputs} files.` });
  if (state.kind === 'failed') timeline.push({ at: state.endedAt, message: state.error.message });
  const files = Array.from({ length: summary.outputs }, (_each, n) =>
    n === 3 ? output(n, { filename: 'portrait_turntable_00001_.mp4', type: 'video/mp4', bytes: 8_204_551 }) : output(n),
  );
  return jobOf(summary, {
    files,
    timeline,
    progress:
      state.kind === 'running' && state.phase === 'executing'
        ? { nodesDone: 4, nodesTotal: 9, nodeType: 'KSampler', value: 14, max: 20 }
        : null,
    workflow: {
      '3': { class_type: 'KSampler', inputs: { seed: 42, steps: 20, model: ['4', 0] } },
      '4': {
        class_type: 'CheckpointLoaderSimple',
        inputs: { ckpt_name: 'sdxl/juggernautXL_v9Rundiffusion.safetensors' },
      },
      '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a lighthouse keeper, portrait', clip: ['4', 1] } },
      '7': { class_type: 'CLIPTextEncode', inputs: { text: 'text, watermark', clip: ['4', 1] } },
      '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
      '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'portrait', images: ['8', 0] } },
      '12': { class_type: 'LoadImage', inputs: { image: 'references/keeper_sketch.png', upload: 'image' } },
    },
  });
}
