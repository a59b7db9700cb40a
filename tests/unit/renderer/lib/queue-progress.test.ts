import { describe, expect, test } from 'vitest';
import { queueProgress } from '../../../../renderer/lib/queue-progress.ts';

describe('the progress of a prompt', () => {
  const current = {
    promptId: 'p',
    node: '1',
    nodeType: 'KSampler',
    value: null,
    max: null,
    nodesDone: 4,
    nodesTotal: 8,
  };

  test.each([
    ['nodes done', current, 0.5],
    ['and the share of the one that runs', { ...current, value: 10, max: 20 }, 0.5625],
    ['all done', { ...current, nodesDone: 8, value: 3, max: 20 }, 1],
    ['a prompt without nodes', { ...current, nodesDone: 0, nodesTotal: 0 }, 0],
    ['a node that counts past its end', { ...current, value: 40, max: 20 }, 0.625],
  ])('%s', (_name, progress, share) => expect(queueProgress(progress)).toBe(share));
});
