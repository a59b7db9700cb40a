import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../../../simulator/comfyui/process/arguments.ts';
import { bootPhases, guiLine } from '../../../../../simulator/comfyui/process/boot-log.ts';

function phases(...words: string[]) {
  const parsed = parseArguments(words);
  if (parsed.outcome !== 'run') throw new Error(parsed.text);
  return bootPhases(parsed.arguments, {
    customNodesFolder: '/base/custom_nodes',
    webRoot: '/base/web',
    ramTotalBytes: 8 * 1024 ** 3,
    folderLines: ['Setting output directory to: /out'],
  });
}

const lines = (...words: string[]) => phases(...words).flatMap((phase) => phase.lines);

describe('the phases of a start', () => {
  it('follow each other in time and end with the whole', () => {
    const shares = phases().map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((left, right) => left - right));
    expect(shares.at(-1)).toBe(1);
  });

  it('name the simulated card, or the CPU', () => {
    expect(lines()).toContain('Device: cuda:0 Simulated GPU');
    expect(lines('--cpu')).toEqual(expect.arrayContaining(['Device: cpu', 'Total VRAM 8192 MB, total RAM 8192 MB']));
  });

  it('tell first of the folders that were given', () => {
    expect(lines()[0]).toBe('Setting output directory to: /out');
  });
});

describe('custom nodes', () => {
  it('are listed with their times, the broken ones behind their traceback', () => {
    const nodes = phases('--sim-nodes', 'Manager', '--sim-broken-node', 'bad').find(
      ({ name }) => name === 'customNodes',
    );
    expect(nodes?.lines.slice(-6)).toEqual([
      '',
      'Import times for custom nodes:',
      '   0.0 seconds: /base/custom_nodes/lab_nodes',
      '   0.0 seconds: /base/custom_nodes/Manager',
      '   0.0 seconds (IMPORT FAILED): /base/custom_nodes/bad',
      '',
    ]);
    expect(nodes?.lines[0]).toBe('Traceback (most recent call last):');
  });

  it('are skipped when all are disabled', () => {
    expect(lines('--disable-all-custom-nodes', '--sim-broken-node', 'bad').join('\n')).not.toContain('custom_nodes');
  });
});

describe('the line with the address', () => {
  it.each([
    ['127.0.0.1', 'To see the GUI go to: http://127.0.0.1:8188'],
    ['::1', 'To see the GUI go to: http://[::1]:8188'],
  ])('for %s', (address, line) => {
    expect(guiLine(address, 8188)).toBe(line);
  });
});
