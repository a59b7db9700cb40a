import { describe, expect, it } from 'vitest';
import type { JobState } from '../../../../contract/jobs.ts';
import { allows, type JobDeed, placeAfterMove, questionBefore } from '../../../../renderer/lib/job-deed.ts';
import { jobSummary, runningState } from '../../../support/job-fixtures.ts';

const DEEDS: readonly JobDeed[] = ['cancel', 'retry', 'retryElsewhere', 'offload', 'bringBack', 'delete'];
const error = { code: 'outcome_unknown', message: '', next: '' };
const failed: JobState = { kind: 'failed', error, endedAt: 1, attempt: 1 };

describe('what can be done with a job', () => {
  it.each([
    ['waiting here', jobSummary(), ['cancel', 'offload']],
    ['waiting for a rented card', jobSummary({ wantedTarget: 'pod' }), ['cancel', 'bringBack']],
    ['running here', jobSummary({ state: runningState() }), ['cancel']],
    [
      'in line at a rented card',
      jobSummary({ state: runningState({ target: 'pod', phase: 'waiting' }) }),
      ['cancel', 'bringBack'],
    ],
    ['being cancelled', jobSummary({ state: runningState({ phase: 'cancelling' }) }), []],
    ['failed', jobSummary({ state: failed }), ['retry', 'retryElsewhere', 'delete']],
    ['done', jobSummary({ state: { kind: 'completed', target: 'local', endedAt: 1 } }), ['delete']],
  ] as const)('%s', (_name, job, wanted) => {
    expect(DEEDS.filter((deed) => allows(job, deed))).toEqual(wanted);
  });

  it('only what deletes, or may cost twice, is asked about', () => {
    const uncertain = jobSummary({ state: failed });
    const plain = jobSummary({ state: { ...failed, error: { ...error, code: 'prompt_failed' } } });
    expect(questionBefore('delete', [plain])).toBe('delete');
    expect(questionBefore('retry', [plain, uncertain])).toBe('uncertain');
    expect(questionBefore('retry', [plain])).toBeNull();
    expect(questionBefore('cancel', [uncertain])).toBeNull();
  });
});

describe('a move', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) => jobSummary({ id }));
  const jobs = [a, b, c].filter((job) => job !== undefined);

  it('names the job to come before, null for the end, and nothing where it stands already', () => {
    const of = (id: string) => (['up', 'down', 'top', 'bottom'] as const).map((move) => placeAfterMove(jobs, id, move));
    expect(of('a')).toEqual([undefined, 'c', undefined, null]);
    expect(of('b')).toEqual(['a', null, 'a', null]);
    expect(of('c')).toEqual(['b', undefined, 'a', undefined]);
    expect(of('gone')).toEqual([undefined, undefined, undefined, undefined]);
  });
});
