import { describe, expect, it } from 'vitest';
import { parseArguments, type SimulatorArguments } from '../../../../../simulator/comfyui/process/arguments.ts';

function accepted(...words: string[]): SimulatorArguments {
  const parsed = parseArguments(words);
  if (parsed.outcome !== 'run') throw new Error(parsed.text);
  return parsed.arguments;
}

function refusal(...words: string[]): string {
  const parsed = parseArguments(words);
  return parsed.outcome === 'refused' ? (parsed.text.trim().split('\n').at(-1) ?? '') : parsed.outcome;
}

describe('without arguments', () => {
  it('listens where ComfyUI does, with a card of 24 GB and no wishes for trouble', () => {
    const { listen, port, cpu, maxUploadBytes, simulation } = accepted();
    expect({ listen, port, cpu, maxUploadBytes }).toEqual({
      listen: ['127.0.0.1'],
      port: 8188,
      cpu: false,
      maxUploadBytes: 100 * 1024 * 1024,
    });
    expect(simulation).toEqual({
      startMs: 200,
      neverReady: false,
      ignoreSignals: [],
      forkGrandchild: false,
      printMegabytes: 0,
      restartByExec: false,
      brokenNodes: [],
      loadMs: 0,
      vramTotalBytes: 24 * 1024 ** 3,
      extraNodes: [],
    });
  });
});

describe('flags', () => {
  it('take their value from the next word or behind an equals sign', () => {
    expect([accepted('--port', '9').port, accepted('--port=9').port]).toEqual([9, 9]);
  });

  it('--listen alone means every address', () => {
    expect(accepted('--listen', '--cpu').listen).toEqual(['0.0.0.0', '::']);
  });

  it('--listen takes several addresses', () => {
    expect(accepted('--listen', '127.0.0.1,::1').listen).toEqual(['127.0.0.1', '::1']);
  });

  it('--extra-model-paths-config takes several files, also in several turns', () => {
    const words = ['--extra-model-paths-config', 'a', 'b', '--cpu', '--extra-model-paths-config', 'c'];
    expect(accepted(...words).extraModelPathsConfigs).toEqual(['a', 'b', 'c']);
  });

  it('in seconds become milliseconds', () => {
    expect(accepted('--sim-start-seconds', '1.5', '--sim-load-seconds', '.25').simulation).toMatchObject({
      startMs: 1500,
      loadMs: 250,
    });
  });

  it('the last of a repeated one counts', () => {
    expect(accepted('--port', '1', '--port', '2').port).toBe(2);
  });
});

describe('refusals', () => {
  it.each([
    [['--no-such-flag'], 'main.py: error: unrecognized arguments: --no-such-flag'],
    [['--x', 'y', '--cpu', '--z'], 'main.py: error: unrecognized arguments: --x y --z'],
    [['--port'], 'main.py: error: argument --port: expected one argument'],
    [['--port', 'abc'], "main.py: error: argument --port: invalid int value: 'abc'"],
    [['--sim-start-seconds', 'soon'], "main.py: error: argument --sim-start-seconds: invalid float value: 'soon'"],
    [['--cpu=yes'], "main.py: error: argument --cpu: ignored explicit argument 'yes'"],
    [
      ['--extra-model-paths-config'],
      'main.py: error: argument --extra-model-paths-config: expected at least one argument',
    ],
    [['--sim-ignore-signals', 'SIGFOO'], "main.py: error: argument --sim-ignore-signals: invalid choice: 'SIGFOO'"],
  ])('%j', (words, message) => {
    expect(refusal(...words)).toBe(message);
  });

  it('begin with the usage, wrapped', () => {
    const parsed = parseArguments(['--no-such-flag']);
    const lines = parsed.outcome === 'refused' ? parsed.text.split('\n') : [];
    expect(lines[0]).toMatch(/^usage: main\.py \[-h\] \[--listen \[IP\]\]/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('do not come before --help', () => {
    expect(parseArguments(['--no-such-flag', '--help']).outcome).toBe('help');
  });
});
