import { describe, expect, it } from 'vitest';
import { findFileInput, withInput } from '../../../cli/workflow-inputs.ts';
import type { Workflow } from '../../../contract/jobs.ts';

const graph: Workflow = {
  '1': { class_type: 'LoadImage', inputs: { image: 'a.png' }, _meta: { title: 'Face' } },
  '2': { class_type: 'LoadImage', inputs: { image: 'b.png' }, _meta: { title: 'Room' } },
  '3': { class_type: 'LoadAudio', inputs: { audio: 'c.wav' } },
  '4': { class_type: 'CLIPTextEncode', inputs: { text: 'a cat', clip: ['9', 1] } },
};

describe('the input that a name means', () => {
  it.each([
    ['2.image', { nodeId: '2', input: 'image' }],
    ['Face', { nodeId: '1', input: 'image' }],
    ['3', { nodeId: '3', input: 'audio' }],
    ['audio', { nodeId: '3', input: 'audio' }],
    ['4.text', { nodeId: '4', input: 'text' }],
  ])('%s', (name, place) => {
    expect(findFileInput(graph, name)).toEqual(place);
  });

  it('is not guessed when several have it: the choices are listed', () => {
    expect(findFileInput(graph, 'image')).toEqual({
      problem: 'Several inputs are called "image". Choose one of: 1.image (Face), 2.image (Room).',
    });
  });

  it('is none that does not exist, nor one that another node feeds', () => {
    for (const name of ['nobody', '4.clip', '9.image'])
      expect(findFileInput(graph, name)).toEqual({
        problem: `No input is called "${name}". Choose one of: 1.image (Face), 2.image (Room), 3.audio (LoadAudio).`,
      });
  });
});

it('changes that input and nothing else', () => {
  const changed = withInput(graph, { nodeId: '1', input: 'image' }, 'stoker/x.png');
  expect(changed).toEqual({ ...graph, '1': { ...graph['1'], inputs: { image: 'stoker/x.png' } } });
  expect(graph['1']?.inputs.image).toBe('a.png');
});
