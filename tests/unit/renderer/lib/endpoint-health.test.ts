import { expect, test } from 'vitest';
import type { EndpointTest } from '../../../../contract/endpoints.ts';
import { healthWords } from '../../../../renderer/lib/endpoint-health.ts';

const answer = (changes: Partial<EndpointTest>): EndpointTest => ({
  ok: true,
  message: '',
  code: null,
  workers: {},
  queue: { inQueue: 0, inProgress: 0 },
  ...changes,
});

test('no worker is said, with what the first job will wait for', () => {
  expect(healthWords(answer({ workers: { idle: 0 } }))).toMatchObject({
    tone: 'good',
    sentence: 'It answers. No worker is on. Queue: 0 waiting, 0 running.',
    advice: expect.stringContaining('cold start'),
  });
});

test('a broken worker weighs more than one that waits for a GPU', () => {
  expect(healthWords(answer({ workers: { throttled: 1, unhealthy: 1 } }))).toMatchObject({
    tone: 'warning',
    advice: expect.stringContaining('log'),
  });
});

test('a state that is new at RunPod is left out, not shown as a word of theirs', () => {
  expect(healthWords(answer({ workers: { hibernating: 3, idle: 1 } })).sentence).toContain('Workers: 1 idle.');
});

test('a failure is told with what to do', () => {
  const failed = healthWords(answer({ ok: false, code: 'runpod_endpoint_missing', message: 'There is none.' }));
  expect(failed).toMatchObject({
    tone: 'danger',
    sentence: 'There is none.',
    advice: expect.stringContaining('endpoint id'),
  });
});
