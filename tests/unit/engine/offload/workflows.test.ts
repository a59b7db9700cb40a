import { describe, expect, it } from 'vitest';
import { onlyShowsInPage } from '../../../../engine/offload/page-outputs.ts';
import { workflowShape } from '../../../../engine/offload/workflow-shape.ts';
import { workflow } from '../../../support/workflows.ts';

describe('a workflow whose results stay in the page', () => {
  it('is known by its ends', () => {
    expect(onlyShowsInPage(workflow('preview_only'))).toBe(true);
    expect(onlyShowsInPage(workflow('minimal'))).toBe(false);
  });

  it('is none when a picture is also saved, or an end is unknown', () => {
    const both = {
      ...workflow('minimal'),
      '9': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
    };
    expect(onlyShowsInPage(both)).toBe(false);
    expect(onlyShowsInPage({ '1': { class_type: 'SomebodysUpload', inputs: {} } })).toBe(false);
  });
});

describe('the shape of a workflow', () => {
  const load = (model: string, seed: number) => ({
    '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: model } },
    '2': { class_type: 'KSampler', inputs: { model: ['1', 0], seed, prompt: 'a cat' } },
  });

  it('is the same for another seed, another text and other node ids', () => {
    const { 1: loader, 2: sampler } = load('xl.safetensors', 2);
    expect(workflowShape(load('xl.safetensors', 1))).toBe(workflowShape({ '7': sampler, '8': loader }));
  });

  it('is another for another model or one node more', () => {
    const one = workflowShape(load('xl.safetensors', 1));
    expect(workflowShape(load('sd15.safetensors', 1))).not.toBe(one);
    const more = { ...load('xl.safetensors', 1), '3': { class_type: 'SaveImage', inputs: {} } };
    expect(workflowShape(more)).not.toBe(one);
  });
});
