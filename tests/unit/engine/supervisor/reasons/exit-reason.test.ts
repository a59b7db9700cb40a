import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FailureSchema } from '../../../../../contract/supervisor-state.ts';
import { isPromptRunning } from '../../../../../engine/supervisor/reasons/exit-evidence.ts';
import { type ExitFacts, explainExit } from '../../../../../engine/supervisor/reasons/exit-reason.ts';

const recorded = (name: string) =>
  readFileSync(resolve(import.meta.dirname, `../../../../fixtures/comfyui-logs/${name}.txt`), 'utf8').split('\n');

const starting = (phase: 'python' | 'torch' | 'customNodes' | 'server', customNode: string | null = null) =>
  ({ kind: 'starting', phase, customNode }) as const;
const facts: ExitFacts = {
  exitCode: null,
  signal: null,
  stage: { kind: 'running', node: null },
  lines: [],
  kernelKilledForMemory: false,
  withoutCustomNodes: false,
  port: 8199,
};
const explain = (over: Partial<ExitFacts>) => {
  const { failure, permanent } = explainExit({ ...facts, ...over });
  return { ...failure, permanent };
};

describe('a start that failed, as recorded with ComfyUI 0.3.64', () => {
  it('repeats what argparse refused', () => {
    expect(explain({ exitCode: 2, stage: starting('python'), lines: recorded('unknown-argument') })).toMatchObject({
      code: 'exited_early',
      message: 'ComfyUI refused its command line: unrecognized arguments: --no-such-flag.',
      permanent: true,
      offerWithoutCustomNodes: false,
    });
  });

  it('names the missing module and what to install', () => {
    expect(explain({ exitCode: 1, stage: starting('python'), lines: recorded('missing-module') })).toMatchObject({
      code: 'exited_early',
      message: expect.stringMatching(/"typing_extensions" is missing, which ComfyUI needs.*requirements\.txt/),
      permanent: true,
    });
  });

  it('says that there is no NVIDIA driver and how to do without', () => {
    expect(explain({ exitCode: 1, stage: starting('python'), lines: recorded('no-nvidia-driver') })).toMatchObject({
      message: expect.stringMatching(/no NVIDIA driver.*--cpu/),
      permanent: true,
    });
  });

  it('says that the port was taken meanwhile, which may be otherwise next time', () => {
    expect(explain({ exitCode: 1, stage: starting('server'), lines: recorded('port-in-use') })).toMatchObject({
      code: 'private_port_taken',
      message: expect.stringContaining('8199'),
      permanent: false,
    });
  });

  it('suspects a custom node that called sys.exit, although nothing was printed', () => {
    const lines = recorded('custom-node-calls-exit');
    expect(explain({ exitCode: 7, stage: starting('customNodes'), lines })).toMatchObject({
      code: 'exited_early',
      exitCode: 7,
      message: expect.stringMatching(/exit code 7 while importing custom nodes.*one of them/),
      offerWithoutCustomNodes: true,
    });
  });

  it('does not blame a custom node whose failed import ComfyUI survived', () => {
    const lines = recorded('broken-custom-node');
    expect(explain({ exitCode: 9, lines }).message).not.toContain('lab_import_error');
  });
});

describe('a start that failed', () => {
  it('names the custom node that spoke last', () => {
    const stage = starting('customNodes', 'ComfyUI-Broken');
    expect(explain({ exitCode: 1, stage })).toMatchObject({
      suspect: 'ComfyUI-Broken',
      message: expect.stringContaining('perhaps ComfyUI-Broken'),
      offerWithoutCustomNodes: true,
    });
  });

  it('does not offer what was already tried', () => {
    const failed = explain({ exitCode: 1, stage: starting('customNodes'), withoutCustomNodes: true });
    expect(failed.offerWithoutCustomNodes).toBe(false);
  });

  it('names the custom node whose code raised the exception that ended it', () => {
    const lines = [
      'Traceback (most recent call last):',
      '  File "/opt/ComfyUI/main.py", line 12, in <module>',
      '  File "/opt/ComfyUI/custom_nodes/ComfyUI-Bad/prestartup_script.py", line 3, in <module>',
      '    raise SystemError("no")',
      'SystemError: no',
    ];
    expect(explain({ exitCode: 1, stage: starting('python'), lines })).toMatchObject({
      suspect: 'ComfyUI-Bad',
      message: expect.stringMatching(/in the custom node ComfyUI-Bad: SystemError: no/),
      offerWithoutCustomNodes: true,
    });
  });

  it('says that Python found no main.py', () => {
    const lines = ["/usr/bin/python3: can't open file '/opt/x/main.py': [Errno 2] No such file or directory"];
    expect(explain({ exitCode: 2, stage: starting('python'), lines })).toMatchObject({
      code: 'folder_invalid',
      permanent: true,
    });
  });

  it('says at which point it ended when nothing else is known', () => {
    expect(explain({ exitCode: 0, stage: starting('torch') }).message).toBe(
      'ComfyUI ended with exit code 0 before it was ready, while PyTorch was being loaded.',
    );
  });
});

describe('a crash', () => {
  it.each([
    [{ signal: 'SIGSEGV' }, 'segmentation fault'],
    [{ exitCode: 139 }, 'segmentation fault'],
    [{ exitCode: 0xc0000005 }, 'access violation'],
    [{ exitCode: -1073741819 }, 'access violation'],
    [{ exitCode: 3 }, 'exit code 3'],
    [{ signal: 'SIGKILL' }, 'killed from outside'],
    [{ signal: 'SIGTERM' }, 'ended from outside'],
    [{ signal: 'SIGUSR1' }, 'SIGUSR1'],
    [{}, 'not known'],
  ])('%j is said in words', (end, words) => {
    expect(explain(end).message).toContain(words);
  });

  it('names the node that was running', () => {
    expect(explain({ signal: 'SIGSEGV', stage: { kind: 'running', node: 'LabCrash' } })).toMatchObject({
      code: 'crashed',
      message: 'ComfyUI crashed in native code (segmentation fault) while running the node LabCrash.',
      suspect: 'LabCrash',
      offerWithoutCustomNodes: true,
    });
  });

  it('says that the memory of the card ran out', () => {
    const lines = ['torch.OutOfMemoryError: Allocation on device 0 would exceed allowed memory.'];
    expect(explain({ exitCode: 1, lines, stage: { kind: 'running', node: 'KSampler' } })).toMatchObject({
      message: expect.stringMatching(/memory of the graphics card ran out while running the node KSampler/),
      offerWithoutCustomNodes: false,
    });
  });

  it("says that the system killed it for want of memory, on the kernel's word alone", () => {
    expect(explain({ signal: 'SIGKILL', kernelKilledForMemory: true }).message).toMatch(/computer's memory ran out/);
    expect(explain({ signal: 'SIGKILL' }).message).not.toMatch(/memory/);
  });

  it('keeps the last forty lines', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    expect(explain({ exitCode: 1, lines }).logTail).toEqual(lines.slice(60));
  });

  it('gives a whole failure for anything that is printed and any end', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom(...recorded('port-in-use'), ...recorded('missing-module')));
    fc.assert(
      fc.property(fc.array(line), fc.option(fc.integer()), fc.boolean(), (lines, exitCode, atStart) => {
        const stage = atStart ? starting('customNodes', 'x') : facts.stage;
        const { failure } = explainExit({ ...facts, lines, exitCode, stage });
        expect(FailureSchema.parse(failure)).toEqual(failure);
        expect(failure.message.length).toBeLessThan(1_000);
      }),
    );
  });
});

describe('isPromptRunning', () => {
  const gui = 'To see the GUI go to: http://127.0.0.1:8199';
  it.each([
    [[gui, 'got prompt'], true],
    [[gui, 'got prompt', 'Prompt executed in 0.16 seconds'], false],
    [[gui, 'got prompt', 'got prompt', 'Prompt executed in 0.16 seconds'], true],
    [[gui, 'got prompt', "invalid prompt: {'type': 'prompt_no_outputs'}"], false],
    [['got prompt', gui], false],
    [[], false],
  ])('%j → %s', (lines, running) => {
    expect(isPromptRunning(lines)).toBe(running);
  });
});
