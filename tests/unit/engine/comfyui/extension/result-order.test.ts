/** Results of the deepest node come first, whether the target tells the node or only the name. */
import { expect, it } from 'vitest';
import type { JobOutput, Workflow } from '../../../../../contract/jobs.ts';
import { deepestFirst } from '../../../../../engine/comfyui/extension/result-order.ts';

const save = (source: string, filename_prefix: string) => ({
  class_type: 'SaveImage',
  inputs: { images: [source, 0], filename_prefix },
});
const graph: Workflow = {
  load: { class_type: 'LoadImage', inputs: { image: 'a.png' } },
  small: save('load', 'out/draft'),
  scale: { class_type: 'ImageScale', inputs: { image: ['load', 0], width: [1, 2, 3] } },
  large: save('scale', 'out/draft-large'),
};
const file = (n: number, nodeId: string, filename: string): JobOutput => ({
  n,
  nodeId,
  filename,
  type: 'image/png',
  bytes: 1,
  sha256: '',
  home: null,
});
const order = (files: JobOutput[], workflow = graph): number[] => deepestFirst(files, workflow).map(({ n }) => n);

it('by node', () => {
  expect(order([file(0, 'small', 'x'), file(1, 'large', 'y'), file(2, 'small', 'z')])).toEqual([1, 0, 2]);
});

it('by the longest prefix of the name; what nobody knows comes last', () => {
  const files = [file(0, '', 'other.png'), file(1, '', 'draft_00001_.png'), file(2, '', 'draft-large_00001_.png')];
  expect(order(files)).toEqual([2, 1, 0]);
});

it('a loop does not last for ever', () => {
  const loop: Workflow = {
    a: { class_type: 'X', inputs: { in: ['b', 0] } },
    b: { class_type: 'X', inputs: { in: ['a', 0] } },
  };
  expect(order([file(0, 'a', ''), file(1, 'b', '')], loop)).toHaveLength(2);
});
