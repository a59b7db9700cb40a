import { describe, expect, it } from 'vitest';
import type { GpuReading, GpuSnapshot } from '../../../../contract/gpu.ts';
import {
  compareGpus,
  type DeviceEvidence,
  findLossInLog,
  isComparable,
  judgeDevice,
} from '../../../../engine/comfyui/device-loss.ts';

const gpu = (id: string): GpuReading => ({
  id,
  index: 0,
  name: id,
  vendor: 'nvidia',
  vramTotalBytes: null,
  vramUsedBytes: null,
  vramComfyBytes: null,
  utilizationPercent: null,
  temperatureCelsius: null,
  powerWatts: null,
});
const before: GpuSnapshot = { at: 1, source: 'nvidia-smi', gpus: [gpu('one'), gpu('two')], note: null };

describe('the GPU after a pause', () => {
  it.each<[string, GpuSnapshot | null, string]>([
    ['was not read', null, 'unknown'],
    ['was read a moment ago', before, 'present'],
    ['answers again', { ...before, at: 2 }, 'present'],
    ['is one less', { ...before, at: 2, gpus: [gpu('two')] }, 'lost'],
    ['is gone', { ...before, at: 2, gpus: [] }, 'lost'],
    ['cannot be read any more', { ...before, note: 'nvidia-smi failed' }, 'lost'],
    ['is known from ComfyUI alone now', { ...before, at: 2, source: 'system-stats', gpus: [gpu('cuda:0')] }, 'lost'],
  ])('%s', (_words, after, expected) => {
    expect(compareGpus(before, after)).toBe(expected);
  });

  it('is not looked for where none was known, or ComfyUI itself told of it', () => {
    expect(isComparable(before)).toBe(true);
    expect(isComparable({ ...before, source: 'none', gpus: [] })).toBe(false);
    expect(isComparable({ ...before, source: 'system-stats' })).toBe(false);
  });
});

describe('what the log says', () => {
  it.each([
    'RuntimeError: CUDA error: unspecified launch failure',
    'torch.AcceleratorError: CUDA error: device-side assert triggered',
    'RuntimeError: HIP error: the operation cannot be performed in the present state',
    'DirectML: device lost',
  ])('"%s" is a lost device', (line) => {
    expect(findLossInLog(['Prompt executed', line, 'more'])).toBe(line);
  });

  it.each([
    'torch.OutOfMemoryError: CUDA out of memory.',
    'RuntimeError: CUDA error: out of memory',
    'Device: cuda:0 NVIDIA',
  ])('"%s" is none', (line) => {
    expect(findLossInLog([line])).toBeNull();
  });
});

describe('what is done', () => {
  const well: DeviceEvidence = { running: true, stats: 'answered', gpu: 'present', logLine: null, busy: false };
  it.each<[string, Partial<DeviceEvidence>, { comfyui: string; gpu: string }]>([
    ['nothing while asleep', { running: false, stats: 'silent' }, { comfyui: 'asleep', gpu: 'present' }],
    ['nothing while asleep without a GPU', { running: false, gpu: 'lost' }, { comfyui: 'asleep', gpu: 'lost' }],
    ['nothing when all is well', {}, { comfyui: 'healthy', gpu: 'present' }],
    ['nothing when all is well and busy', { busy: true, gpu: 'unknown' }, { comfyui: 'healthy', gpu: 'unknown' }],
    ['a restart when the driver lost it and nothing runs', { gpu: 'lost' }, { comfyui: 'restarted', gpu: 'lost' }],
    ['nothing yet when only the driver lost it', { gpu: 'lost', busy: true }, { comfyui: 'unhealthy', gpu: 'lost' }],
    [
      'a restart when ComfyUI lost it, work or not',
      { stats: 'error', busy: true },
      { comfyui: 'restarted', gpu: 'lost' },
    ],
    ['a restart when the log says so', { logLine: 'CUDA error: x', busy: true }, { comfyui: 'restarted', gpu: 'lost' }],
    ['a restart when it is silent and idle', { stats: 'silent' }, { comfyui: 'restarted', gpu: 'present' }],
    [
      'nothing yet when it is silent at work',
      { stats: 'silent', busy: true },
      { comfyui: 'unhealthy', gpu: 'present' },
    ],
  ])('%s', (_words, evidence, expected) => {
    const verdict = judgeDevice({ ...well, ...evidence });
    expect(verdict).toMatchObject({ ...expected, restart: expected.comfyui === 'restarted' });
    expect(verdict.message).toMatch(/^[A-Z].*\.$/);
  });
});
