/** What a card says of a job, for each state there is. */
import { describe, expect, it } from 'vitest';
import type { JobState } from '../../../../../contract/jobs.ts';
import { elapsed, faceOf, type JobNow } from '../../../../../engine/comfyui/extension/job-face.ts';

const job = (state: JobState, changes: Partial<JobNow> = {}): JobNow => ({
  id: 'j1',
  source: 'api',
  state,
  wantedTarget: 'pod',
  priority: 0,
  title: null,
  nodeCount: 4,
  tags: [],
  userId: null,
  createdAt: 1000,
  ranOn: null,
  startedAt: null,
  outputs: 0,
  costMicroDollars: null,
  note: null,
  progress: null,
  ...changes,
});
const running = (phase: Extract<JobState, { kind: 'running' }>['phase'], changes: Partial<JobNow> = {}): JobNow =>
  job({ kind: 'running', target: 'pod', remoteId: 'r', phase, since: 2000, attempt: 1 }, changes);

describe('the face of a job', () => {
  it('that waits says why, and what it may cost', () => {
    expect(faceOf(job({ kind: 'queued', runAt: 0, attempt: 1 }), 186_000)).toEqual({
      tone: 'busy',
      headline: 'Queued',
      details: ['It waits for its turn.'],
      progress: null,
      cost: 'at most $0.1860',
      since: 1000,
      canCancel: true,
      canRetry: false,
    });
    const noted = job({ kind: 'queued', runAt: 0, attempt: 1 }, { note: 'The limit of the day is reached.' });
    expect(faceOf(noted, null)).toMatchObject({ details: ['The limit of the day is reached.'], cost: null });
  });

  it.each([
    ['submitting', 'Sending it to RunPod', true],
    ['waiting', 'Waiting for a worker', true],
    ['executing', 'Running', true],
    ['fetching', 'Downloading the results', true],
    ['cancelling', 'Cancelling', false],
  ] as const)('in the phase %s', (phase, headline, canCancel) => {
    expect(faceOf(running(phase), null)).toMatchObject({ tone: 'busy', headline, canCancel, since: 2000 });
  });

  it('that waits for a worker speaks of the cold start', () => {
    expect(faceOf(running('waiting'), null).details).toEqual([expect.stringMatching(/has to start first/)]);
  });

  it('that runs tells how far, within a node too, and never beyond the end', () => {
    const at = (nodesDone: number, value: number | null, max: number | null) =>
      faceOf(running('executing', { progress: { nodesDone, nodesTotal: 4, nodeType: null, value, max } }), null)
        .progress;
    expect(at(1, 5, 10)).toEqual({ part: 0.375, words: '1 of 4 nodes' });
    expect(at(4, 1, 1)?.part).toBe(1);
    expect(at(1, 0, 0)?.part).toBe(0.25);
    const none = { nodesDone: 0, nodesTotal: 0, nodeType: null, value: null, max: null };
    expect(faceOf(running('executing', { progress: none }), null).progress).toBe(null);
  });

  it('that is done counts its files and tells its cost, not what it could have been', () => {
    const done = job({ kind: 'completed', target: 'pod', endedAt: 9 }, { outputs: 2, costMicroDollars: 1240 });
    expect(faceOf(done, 186_000)).toMatchObject({
      tone: 'good',
      headline: 'Done: 2 files',
      cost: 'cost $0.0012',
      since: null,
    });
    const free = job({ kind: 'completed', target: 'pod', endedAt: 9 }, { outputs: 1, note: '1 could not be read.' });
    expect(faceOf(free, 186_000)).toMatchObject({
      headline: 'Done: 1 file',
      cost: null,
      details: ['1 could not be read.'],
    });
  });

  it.each([
    [0, 'cost $0.00'],
    [31, 'cost less than $0.0001'],
    [100, 'cost $0.0001'],
  ])('that cost %d millionths of a dollar says so', (costMicroDollars, words) => {
    const done = job({ kind: 'completed', target: 'pod', endedAt: 9 }, { costMicroDollars });
    expect(faceOf(done, null).cost).toBe(words);
  });

  it('that failed says why and what to do next', () => {
    const error = { code: 'runpod_timed_out', message: 'It took too long.', next: 'Raise the limit.' };
    const failed = job({ kind: 'failed', error, endedAt: 9, attempt: 1 }, { costMicroDollars: 5000 });
    expect(faceOf(failed, 1)).toMatchObject({
      tone: 'bad',
      details: ['It took too long.', 'Raise the limit.'],
      cost: 'cost $0.0050',
      canCancel: false,
      canRetry: true,
    });
  });

  it('that was cancelled is quiet', () => {
    expect(faceOf(job({ kind: 'cancelled', endedAt: 9 }), 1)).toMatchObject({ tone: 'quiet', headline: 'Cancelled' });
  });
});

it('time is told in minutes and seconds, and never runs backwards', () => {
  expect([elapsed(0, 65_999), elapsed(0, 9000), elapsed(5000, 0), elapsed(0, 3_600_000)]).toEqual([
    '1:05',
    '0:09',
    '0:00',
    '60:00',
  ]);
});
