import { describe, expect, it } from 'vitest';
import { describedPreview, plainPreview } from '../../../../../simulator/comfyui/execution/preview-frames.ts';
import { createProgressBoard, progressIdentity } from '../../../../../simulator/comfyui/execution/progress-board.ts';

describe('the progress board', () => {
  const entry = (value: number, max: number, state: string) => ({
    value,
    max,
    state,
    node_id: '2',
    prompt_id: 'p',
    display_node_id: '2',
    parent_node_id: null,
    real_node_id: '2',
  });

  it('goes from started over steps to the last step', () => {
    const board = createProgressBoard('p');
    board.start('2');
    const started = board.snapshot();
    board.step('2', 3, 20);
    const stepped = board.snapshot();
    board.finish('2');
    expect([started, stepped, board.snapshot()].map(({ nodes }) => nodes['2'])).toEqual([
      entry(0, 1, 'running'),
      entry(3, 20, 'running'),
      entry(20, 20, 'finished'),
    ]);
  });

  it('finishes a node that never started: one whose result was cached', () => {
    const board = createProgressBoard('p');
    board.finish('2');
    expect(board.snapshot()).toEqual({ prompt_id: 'p', nodes: { 2: entry(1, 1, 'finished') } });
  });
});

describe('preview frames', () => {
  const jpeg = Buffer.from([0xff, 0xd8]);

  it('are event 1 and format 1 before the picture', () => {
    expect(plainPreview(jpeg).toString('hex')).toBe('0000000100000001ffd8');
  });

  it('are event 4, length and JSON before the picture', () => {
    const frame = describedPreview(jpeg, progressIdentity('2', 'p'));
    const length = frame.readUInt32BE(4);
    expect(frame.readUInt32BE(0)).toBe(4);
    expect(JSON.parse(frame.toString('utf8', 8, 8 + length))).toEqual({
      ...progressIdentity('2', 'p'),
      image_type: 'image/jpeg',
    });
    expect(frame.subarray(8 + length)).toEqual(jpeg);
  });
});
