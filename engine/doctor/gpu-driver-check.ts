/** Does the system's GPU driver answer? No GPU is a normal state; whether ComfyUI can do without is the torch check's. */
import type { GpuReading } from '../../contract/gpu.ts';
import { type Check, ok, skipped, warning } from './check.ts';
import { gigabytes } from './gigabytes.ts';

export const gpuDriverCheck: Check = {
  id: 'gpu-driver',
  title: 'GPU driver',

  async examine({ settings, readGpu }) {
    if (settings.gpu.monitor === 'off') return skipped('The GPU monitor is switched off in Settings.');
    const { gpus, source, note } = await readGpu();
    if (gpus.length > 0) return ok(`${gpus.map(describe).join('; ')} (told by ${source}).`);
    const finding = note ?? 'No GPU driver answered.';
    if (settings.installation.arguments.includes('--cpu')) return ok(`${finding} --cpu needs none.`);
    return warning(finding, 'If this computer has a GPU for ComfyUI, install its driver; otherwise nothing is wrong.');
  },
};

function describe({ name, vramTotalBytes }: GpuReading): string {
  return vramTotalBytes === null ? name : `${name} with ${gigabytes(vramTotalBytes)}`;
}
