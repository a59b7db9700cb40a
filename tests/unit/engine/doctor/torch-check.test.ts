import { describe, expect, test } from 'vitest';
import { judgeTorch, readAnswer, type TorchAnswer } from '../../../../engine/doctor/torch-check.ts';

const CUDA = { torch: '2.8.0+cu128', cuda: '12.8', hip: null, mps: false, xpu: false, gpus: 1 };
const judge = (answer: TorchAnswer, ...args: string[]) =>
  judgeTorch(answer, { arguments: args, install: 'python -m pip install -r requirements.txt' });

describe('readAnswer', () => {
  test('finds the answer among what other packages print', () => {
    expect(readAnswer(`[W socket.cpp] warning\r\nstoker-torch ${JSON.stringify(CUDA)}\r\nbye\r\n`)).toEqual(CUDA);
  });

  test.each(['', 'stoker-torch', 'stoker-torch {', 'stoker-torch {"torch": 2}'])('is null for %j', (stdout) => {
    expect(readAnswer(stdout)).toBeNull();
  });
});

describe('judgeTorch', () => {
  test.each([
    ['ok', 'torch 2.8.0+cu128 with CUDA 12.8 sees 1 GPU.', CUDA, []],
    ['ok', 'torch 2.8.0+cu128 with CUDA 12.8 sees 2 GPUs.', { ...CUDA, gpus: 2 }, []],
    ['ok', 'torch 2.8 with ROCm 6.4 sees 1 GPU.', { ...CUDA, torch: '2.8', cuda: null, hip: '6.4' }, []],
    ['ok', 'torch 2.8 uses the GPU of this Mac.', { ...CUDA, torch: '2.8', cuda: null, mps: true, gpus: 0 }, []],
    ['ok', 'torch 2.8 uses an Intel GPU.', { ...CUDA, torch: '2.8', cuda: null, xpu: true, gpus: 0 }, []],
    ['ok', 'torch 2.8.0+cu128 without CUDA, as --cpu asks for.', { ...CUDA, gpus: 0 }, ['--cpu']],
    [
      'ok',
      'torch 2.8 without CUDA, as --directml asks for.',
      { ...CUDA, torch: '2.8', cuda: null, gpus: 0 },
      ['--directml'],
    ],
    ['problem', 'torch 2.8.0+cu128 was built for CUDA 12.8, but sees no GPU.', { ...CUDA, gpus: 0 }, []],
    [
      'problem',
      'torch 2.8+cpu was built without support for any GPU.',
      { ...CUDA, torch: '2.8+cpu', cuda: null, gpus: 0 },
      [],
    ],
    [
      'problem',
      "torch can not be loaded: ModuleNotFoundError: No module named 'torch'",
      { error: "ModuleNotFoundError: No module named 'torch'" },
      ['--cpu'],
    ],
  ] as const)('%s: %s', (outcome, finding, answer, args) => {
    expect(judge(answer, ...args)).toMatchObject({ outcome, finding });
  });

  test('says what to do when there is something to do', () => {
    expect(judge({ error: 'x' }).advice).toContain('python -m pip install -r requirements.txt');
    expect(judge({ ...CUDA, gpus: 0 }).advice).toContain('--cpu');
    expect(judge(CUDA).advice).toBeNull();
  });
});
