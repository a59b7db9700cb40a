import { describe, expect, it } from 'vitest';
import { digestCatalogue } from '../../../../engine/comfyui/catalogue-digest.ts';
import { endsOf, needsOf } from '../../../../engine/preflight/needs.ts';
import { shapeOf } from '../../../../engine/preflight/shape.ts';
import { soundnessOf } from '../../../../engine/preflight/soundness.ts';

const catalogue = digestCatalogue({
  CheckpointLoaderSimple: {
    input: { required: { ckpt_name: [['sd15.safetensors', 'folder/xl.safetensors']] } },
    python_module: 'nodes',
  },
  DiffusersLoader: { input: { required: { model_path: ['COMBO', { options: ['a-model', 'other.safetensors'] }] } } },
  KSampler: { input: { required: { model: ['MODEL'], sampler_name: [['euler', 'dpm']], seed: ['INT', {}] } } },
  LoadImage: { input: { required: { image: [['photo.png', 'x.bin'], { image_upload: true }] } } },
});
const node = (class_type: string, inputs: Record<string, unknown> = {}) => ({ class_type, inputs });

describe('what a workflow needs', () => {
  it('are its node types and the models it names, and no pictures, samplers or words', () => {
    const workflow = {
      '1': node('CheckpointLoaderSimple', { ckpt_name: 'folder\\xl.safetensors' }),
      '2': node('DiffusersLoader', { model_path: 'a-model' }),
      '3': node('KSampler', { model: ['1', 0], sampler_name: 'euler', seed: 1 }),
      '4': node('LoadImage', { image: 'photo.png' }),
      '5': node('Power Lora Loader', { lora_1: { on: true, lora: 'style.safetensors', strength: 1 } }),
      '6': node('CLIPTextEncode', { text: 'a poster of\nsd15.safetensors' }),
    };
    expect(needsOf(workflow, catalogue)).toEqual({
      nodeTypes: [
        'CLIPTextEncode',
        'CheckpointLoaderSimple',
        'DiffusersLoader',
        'KSampler',
        'LoadImage',
        'Power Lora Loader',
      ].sort(),
      models: ['a-model', 'folder/xl.safetensors', 'style.safetensors'],
    });
    // Without a catalogue a model is known by its ending.
    expect(needsOf(workflow, null).models).toEqual(['folder/xl.safetensors', 'style.safetensors']);
  });

  it('survives node types that are words of JavaScript', () => {
    const workflow = { '1': node('constructor', { toString: 'x' }), '2': node('__proto__') };
    expect(needsOf(workflow, catalogue).nodeTypes).toEqual(['__proto__', 'constructor']);
    expect(soundnessOf(workflow, catalogue).errors).toEqual([]);
  });

  it('knows what it is run for', () => {
    expect(endsOf({ '1': node('A'), '2': node('B', { a: ['1', 0] }), '3': node('C', { a: ['1', 0] }) })).toEqual([
      '2',
      '3',
    ]);
  });
});

describe('a workflow that cannot be right', () => {
  it('is told before anything is sent', () => {
    const { errors, doubts } = soundnessOf(
      { '1': node('KSampler', { model: ['9', 0], seed: 1 }), '2': node('Foo') },
      catalogue,
    );
    expect(errors).toEqual(['KSampler (1): "model" comes from node 9, which is not there.']);
    expect(doubts).toEqual([
      'KSampler (1) lacks its input "sampler_name".',
      'Your ComfyUI does not know Foo: not everything could be checked.',
    ]);
    expect(soundnessOf({ '2': node('Foo') }, null)).toEqual({ errors: [], doubts: [] });
  });
});

describe('the shape of a workflow', () => {
  const workflow = (changes: Record<string, unknown> = {}) => ({
    '1': node('EmptyLatentImage', { width: 512, height: 512, batch_size: 1 }),
    '2': node('KSampler', { latent: ['1', 0], seed: 1, steps: 20, ckpt_name: 'a.safetensors', ...changes }),
  });
  it('is the same for another seed and other numbers of nodes, and another for more steps or another model', () => {
    const { shape, nodeTypes } = shapeOf(workflow());
    expect(shapeOf(workflow({ seed: 2 }))).toEqual({ shape, nodeTypes });
    const [first, second] = Object.values(workflow());
    expect(shapeOf({ '7': second ?? node('x'), '8': first ?? node('x') }).shape).toBe(shape);
    for (const change of [{ steps: 40 }, { ckpt_name: 'b.safetensors' }]) {
      expect(shapeOf(workflow(change)).shape).not.toBe(shape);
      expect(shapeOf(workflow(change)).nodeTypes).toBe(nodeTypes);
    }
  });
});
