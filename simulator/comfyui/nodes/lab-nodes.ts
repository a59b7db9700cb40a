/**
 * The lab's custom node package `lab_nodes`: jobs that are slow, fail, block or end the process, on purpose.
 * Same names, inputs and effects as tests/fixtures/comfyui-nodes/lab_nodes, which the real ComfyUI loads.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PythonError } from '../execution/python-error.ts';
import { crash, crashes, isCrash } from '../process/crash.ts';
import type { NodeContext, NodeResult, NodeType } from './node-type.ts';

const lab = {
  description: '',
  pythonModule: 'custom_nodes.lab_nodes',
  category: 'lab',
  outputs: ['IMAGE'],
  isOutput: false,
} as const;
const image = ['IMAGE'] as const;
const seed = ['INT', { default: 0 }] as const;
/** ComfyUI enlarges previews to this before it sends them. */
const previewSide = 512;
const previewQuality = 95;

export function labNodes({ workshop }: NodeContext): NodeType[] {
  const plainJpeg = async (colour: number): Promise<Uint8Array> =>
    workshop.run('encodeJpeg', await workshop.run('fill', previewSide, previewSide, 1, colour), 0, previewQuality);
  const passOn = (inputs: Record<string, unknown>): NodeResult => ({ outputs: [inputs.image] });
  return [
    {
      ...lab,
      name: 'LabSlow',
      displayName: 'LabSlow',
      inputs: () => ({
        required: {
          image,
          seconds: ['FLOAT', { default: 10, min: 0, max: 3600 }],
          steps: ['INT', { default: 20, min: 1, max: 10000 }],
          seed: ['INT', { default: 0, min: 0, max: 2 ** 64 }],
          preview: ['BOOLEAN', { default: false }],
        },
      }),
      async run({ inputs, progress }) {
        const steps = Number(inputs.steps);
        for (let step = 1; step <= steps; step += 1) {
          await sleep((Number(inputs.seconds) * 1000) / steps);
          const red = Math.trunc((255 * step) / steps);
          const preview = inputs.preview ? await plainJpeg((red << 16) | 0x4040) : undefined;
          progress(step, steps, preview);
        }
        return passOn(inputs);
      },
    },
    {
      ...lab,
      name: 'LabFail',
      displayName: 'LabFail',
      inputs: () => ({ required: { image, message: ['STRING', { default: 'lab failure' }], seed } }),
      run: async ({ inputs }) => {
        throw new PythonError('RuntimeError', String(inputs.message));
      },
    },
    {
      ...lab,
      name: 'LabBlock',
      displayName: 'LabBlock',
      inputs: () => ({
        required: { image, seconds: ['INT', { default: 5 }], hold_gil: ['BOOLEAN', { default: false }], seed },
      }),
      async run({ inputs }) {
        const durationMs = Number(inputs.seconds) * 1000;
        if (inputs.hold_gil) {
          // Stops the event loop itself, as a node that keeps the GIL stops ComfyUI's: no reply, no message, no signal handler.
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
        } else await sleep(durationMs);
        return passOn(inputs);
      },
    },
    {
      ...lab,
      name: 'LabCrash',
      displayName: 'LabCrash',
      inputs: () => ({ required: { image, how: [crashes], seed } }),
      async run({ inputs }) {
        if (isCrash(inputs.how)) crash(inputs.how);
        return passOn(inputs);
      },
    },
  ];
}
