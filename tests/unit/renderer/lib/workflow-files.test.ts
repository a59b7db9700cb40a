import { expect, it } from 'vitest';
import { nodeTypes, workflowFiles } from '../../../../renderer/lib/workflow-files.ts';

const workflow = {
  '1': { class_type: 'LoadImage', inputs: { image: 'references/keeper.PNG [input]', upload: 'image' } },
  '2': { class_type: 'LoadImage', inputs: { image: 'references/keeper.PNG' } },
  '3': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sdxl\\base.safetensors' } },
  '4': { class_type: 'CLIPTextEncode', inputs: { text: 'a photo, 8k. Sharp', clip: ['3', 1] } },
};

it('names each file once, and takes no prompt for one', () => {
  expect(workflowFiles(workflow)).toEqual({ inputs: ['references/keeper.PNG'], models: ['sdxl\\base.safetensors'] });
});

it('counts nodes by type, most first', () => {
  expect(nodeTypes(workflow)).toEqual([
    ['LoadImage', 2],
    ['CheckpointLoaderSimple', 1],
    ['CLIPTextEncode', 1],
  ]);
});
