/** What a newer page is told of ComfyUI's jobs while ComfyUI does not run. */
import { describe, expect, it } from 'vitest';
import type { QueueItemTuple } from '../../../../engine/comfyui/queue-items.ts';
import { asleepAnswer } from '../../../../engine/gateway/asleep-answers.ts';

const extra = (create_time: number) => ({ create_time, extra_pnginfo: { workflow: { id: `w${create_time}` } } });
const ran = (number: number, status_str: string, end: string, outputs: unknown = {}) => ({
  prompt: [number, `p${number}`, { 1: {} }, extra(number), ['1']],
  outputs,
  status: {
    status_str,
    completed: status_str === 'success',
    messages: [
      ['execution_start', { timestamp: 10 }],
      [end, { timestamp: 20, exception_message: 'no' }],
    ],
  },
});
const picture = { filename: 'a.png', subfolder: '', type: 'output' };
const HISTORY = {
  p1: ran(1, 'success', 'execution_success', {
    9: { images: [{ ...picture, type: 'temp' }, picture], animated: [false] },
  }),
  p2: ran(2, 'error', 'execution_error'),
  p3: ran(3, 'error', 'execution_interrupted'),
};
const KEPT: readonly QueueItemTuple[] = [[7, 'p7', { 1: {} }, extra(7), ['1']]];

const answer = (target: string): unknown =>
  asleepAnswer({ method: 'GET', route: target.split('?')[0] ?? '', target }, HISTORY, () => KEPT)?.json;
const ids = (target: string): unknown => (answer(target) as { jobs: { id: string }[] }).jobs.map(({ id }) => id);

describe('the jobs of a sleeping ComfyUI', () => {
  it.each([
    ['/jobs', ['p7', 'p3', 'p2', 'p1']],
    ['/jobs?status=in_progress,pending&limit=200&offset=0', ['p7']],
    ['/jobs?status=completed,failed,cancelled&limit=2&offset=0', ['p3', 'p2']],
    ['/jobs?status=completed&limit=64', ['p1']],
    ['/jobs?status=failed', ['p2']],
    ['/jobs?workflow_id=w1', ['p1']],
    ['/jobs?offset=9', []],
  ])('%s', (target, expected) => {
    expect(ids(target)).toEqual(expected);
  });

  it('are told page by page', () => {
    expect(answer('/jobs?limit=2&offset=1')).toMatchObject({
      pagination: { offset: 1, limit: 2, total: 4, has_more: true },
    });
    expect(answer('/jobs?limit=2&offset=2')).toMatchObject({ pagination: { has_more: false } });
  });

  it('have what was saved before what was only shown, and why they failed', () => {
    const { jobs } = answer('/jobs?status=completed,failed') as { jobs: unknown[] };
    expect(jobs).toEqual([
      {
        ...{ id: 'p2', status: 'failed', priority: 2, create_time: 2, workflow_id: 'w2', outputs_count: 0 },
        ...{ execution_start_time: 10, execution_end_time: 20 },
        execution_error: { timestamp: 20, exception_message: 'no' },
      },
      {
        ...{ id: 'p1', status: 'completed', priority: 1, create_time: 1, workflow_id: 'w1', outputs_count: 2 },
        ...{ execution_start_time: 10, execution_end_time: 20 },
        preview_output: { ...picture, nodeId: '9', mediaType: 'images' },
      },
    ]);
  });

  it('are told one by one, whole; of one that is not known only ComfyUI can tell', () => {
    expect(answer('/jobs/p1')).toMatchObject({
      id: 'p1',
      outputs: HISTORY.p1.outputs,
      execution_status: HISTORY.p1.status,
      workflow: { prompt: { 1: {} }, extra_data: extra(1) },
    });
    expect(answer('/jobs/p7')).toMatchObject({ id: 'p7', status: 'pending' });
    expect(answer('/jobs/other')).toBeUndefined();
    expect(answer('/jobs/toString')).toBeUndefined();
  });

  it('stay readable when what ComfyUI told is not what it usually tells', () => {
    const odd = { a: null, b: { prompt: 'x', status: [], outputs: { 1: null, 2: { images: 'none' } } } };
    const { json } = asleepAnswer({ method: 'GET', route: '/jobs', target: '/jobs' }, odd, () => []) ?? {};
    expect((json as { jobs: unknown[] }).jobs).toHaveLength(2);
  });
});
