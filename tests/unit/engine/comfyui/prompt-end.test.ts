import { describe, expect, it } from 'vitest';
import { PromptEndSchema } from '../../../../contract/events.ts';
import { readPromptEnd } from '../../../../engine/comfyui/prompt-end.ts';

const graph = { 9: { class_type: 'SaveImage', inputs: { filename_prefix: 'cat' } } };
const prompt = [3, 'a', graph, {}, ['9']];
const start = ['execution_start', { prompt_id: 'a', timestamp: 1_000_000 }];
const image = (filename: string, type = 'output') => ({ filename, subfolder: '', type });
const entry = (messages: unknown[], outputs: object = {}, status = 'success') => ({
  prompt,
  outputs,
  status: { status_str: status, completed: status === 'success', messages },
});

describe('how a prompt ended', () => {
  it('well: its pictures, saved ones first, and how long it ran', () => {
    const end = readPromptEnd(
      'a',
      entry([start, ['execution_cached', { nodes: [] }], ['execution_success', { timestamp: 1_012_500 }]], {
        2: { images: [image('seen.png', 'temp')] },
        9: { images: [image('cat_1.png'), image('cat_2.png')], animated: [false] },
        10: { text: ['no picture'] },
      }),
      5,
    );
    expect(PromptEndSchema.parse(end)).toEqual({
      promptId: 'a',
      at: 1_012_500,
      outcome: 'completed',
      title: 'cat',
      seconds: 12.5,
      images: [image('cat_1.png'), image('cat_2.png'), image('seen.png', 'temp')],
      message: null,
    });
  });

  it('badly: the node and what it said, on one line', () => {
    const error = {
      node_id: '3',
      node_type: 'KSampler',
      exception_message: 'CUDA out\n of memory.\n',
      timestamp: 1_001_000,
    };
    const end = readPromptEnd('a', entry([start, ['execution_error', error]], {}, 'error'), 5);
    expect(end).toMatchObject({ outcome: 'failed', seconds: 1, message: 'KSampler (node 3): CUDA out of memory.' });
  });

  it('by being interrupted', () => {
    const stopped = ['execution_interrupted', { node_id: '3', node_type: 'KSampler', timestamp: 1_001_000 }];
    const end = readPromptEnd('a', entry([start, stopped], {}, 'error'), 5);
    expect(end).toMatchObject({ outcome: 'interrupted', message: null });
  });

  it('of an old version that tells no messages', () => {
    expect(readPromptEnd('a', entry([], {}, 'error'), 5)).toMatchObject({ outcome: 'failed', at: 5, seconds: null });
    expect(readPromptEnd('a', { prompt, outputs: {} }, 5)).toMatchObject({ outcome: 'completed', seconds: null });
  });

  it('of an entry that is nothing of the kind', () => {
    for (const odd of [
      null,
      'x',
      [],
      { outputs: { 9: { images: ['x', { filename: 1 }, { filename: 'a', type: 'b' }] } } },
    ]) {
      expect(PromptEndSchema.parse(readPromptEnd('a', odd, 5))).toMatchObject({ images: [], title: null });
    }
  });

  it('with more pictures than anybody shows', () => {
    const images = Array.from({ length: 150 }, (_each, index) => image(`${index}.png`));
    expect(readPromptEnd('a', entry([], { 9: { images } }), 5).images).toHaveLength(100);
  });
});
