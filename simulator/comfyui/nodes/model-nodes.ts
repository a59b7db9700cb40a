/**
 * Nodes around a checkpoint, without a sampler: enough to load a (simulated) model into VRAM and to be refused for a
 * missing file. No picture is generated: an empty latent decodes to plain grey, which is what an empty latent is.
 */
import { modelFiles } from '../process/folders.ts';
import type { NodeContext, NodeType } from './node-type.ts';

interface Latent {
  width: number;
  height: number;
  count: number;
}

const latentSide = { default: 512, min: 16, max: 16384, step: 8 };
const grey = 0x7f7f7f;

export function modelNodes({ folders, workshop }: NodeContext): NodeType[] {
  return [
    {
      name: 'CheckpointLoaderSimple',
      displayName: 'Load Checkpoint',
      description: 'Loads a checkpoint.',
      category: 'loaders',
      pythonModule: 'nodes',
      outputs: ['MODEL', 'CLIP', 'VAE'],
      outputTooltips: ['The diffusion model.', 'The text encoder.', 'The image encoder and decoder.'],
      isOutput: false,
      inputs: () => ({
        required: {
          ckpt_name: [modelFiles(folders, 'checkpoints') ?? [], { tooltip: 'The checkpoint file to load.' }],
        },
      }),
      run: async ({ inputs }) => ({
        outputs: ['model', 'clip', 'vae'].map((part) => ({ part, file: inputs.ckpt_name })),
      }),
    },
    {
      name: 'EmptyLatentImage',
      displayName: 'Empty Latent Image',
      description: 'Makes empty latent pictures.',
      category: 'latent',
      pythonModule: 'nodes',
      outputs: ['LATENT'],
      outputTooltips: ['The empty latent pictures.'],
      isOutput: false,
      inputs: () => ({
        required: {
          width: ['INT', { ...latentSide, tooltip: 'Width in pixels.' }],
          height: ['INT', { ...latentSide, tooltip: 'Height in pixels.' }],
          batch_size: ['INT', { default: 1, min: 1, max: 4096, tooltip: 'How many pictures.' }],
        },
      }),
      run: async ({ inputs }) => {
        const side = (value: unknown) => Math.floor(Number(value) / 8) * 8;
        const latent: Latent = {
          width: side(inputs.width),
          height: side(inputs.height),
          count: Number(inputs.batch_size),
        };
        return { outputs: [latent] };
      },
    },
    {
      name: 'VAEDecode',
      displayName: 'VAE Decode',
      description: 'Turns latent pictures into pictures.',
      category: 'latent',
      pythonModule: 'nodes',
      outputs: ['IMAGE'],
      outputTooltips: ['The picture.'],
      isOutput: false,
      inputs: () => ({
        required: { samples: ['LATENT', { tooltip: 'The latent.' }], vae: ['VAE', { tooltip: 'The decoder.' }] },
      }),
      run: async ({ inputs }) => {
        const { width, height, count } = inputs.samples as Latent;
        return { outputs: [await workshop.run('fill', width, height, count, grey)] };
      },
    },
  ];
}
