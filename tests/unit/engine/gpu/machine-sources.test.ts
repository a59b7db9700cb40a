import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findCommand } from '../../../../engine/gpu/find-command.ts';
import { machineGpuSources, type Places } from '../../../../engine/gpu/machine-sources.ts';
import { nvidiaSmiFoldersOnWindows } from '../../../../engine/gpu/nvidia-windows.ts';
import { createMachineTree, type MachineTree } from '../../../support/machine-tree.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

const AMD_CARD = {
  'sys/class/drm/card0/device/vendor': '0x1002',
  'sys/class/drm/card0/device/mem_info_vram_total': 8,
};

let machine: MachineTree;
let looked: string[];

beforeEach(() => {
  machine = createMachineTree();
  looked = [];
});
afterEach(() => machine.remove());

const places = (platform: NodeJS.Platform, tools: readonly string[], environment: NodeJS.ProcessEnv = {}): Places => ({
  platform,
  environment,
  root: machine.root,
  isRunnable: async (file) => {
    looked.push(file);
    return tools.includes(file);
  },
});

const sourcesOn = (where: Places, onlySystemStats = false) =>
  machineGpuSources({
    clock: createManualClock(),
    comfyPids: async () => new Set<number>(),
    readSystemStats: async () => null,
    onlySystemStats,
    places: where,
  });
const countOn = async (where: Places) => (await sourcesOn(where).findSources()).sources.length;

describe('nvidia-smi is found', () => {
  test('on PATH first', async () => {
    const where = places('linux', ['/usr/bin/nvidia-smi', '/opt/driver/nvidia-smi'], { PATH: '/opt/driver:/usr/bin' });
    expect(await findCommand('nvidia-smi', ['/usr/bin'], where)).toBe('/opt/driver/nvidia-smi');
  });

  test('in WSL, where a service does not have it on PATH', async () => {
    expect(await countOn(places('linux', ['/usr/lib/wsl/lib/nvidia-smi']))).toBe(1);
  });

  test.each([
    ['C:\\Windows\\System32\\nvidia-smi.exe', {}],
    ['D:\\Win\\System32\\nvidia-smi.exe', { SystemRoot: 'D:\\Win' }],
    ['C:\\Windows\\Sysnative\\nvidia-smi.exe', {}],
    ['C:\\Program Files\\NVIDIA Corporation\\NVSMI\\nvidia-smi.exe', {}],
    [
      'E:\\Programs\\NVIDIA Corporation\\NVSMI\\nvidia-smi.exe',
      { ProgramW6432: 'E:\\Programs', ProgramFiles: 'E:\\Programs (x86)' },
    ],
    ['C:\\tools\\nvidia-smi.exe', { Path: 'C:\\other;C:\\tools' }],
  ])('under Windows as %s', async (file, environment) => {
    const where = places('win32', [file], environment);
    expect(await findCommand('nvidia-smi', nvidiaSmiFoldersOnWindows(environment), where)).toBe(file);
    expect(await countOn(where)).toBe(1);
  });
});

describe('a machine', () => {
  test('with cards of both vendors is asked through both, NVIDIA first', async () => {
    machine.write(AMD_CARD);
    expect(await countOn(places('linux', ['/usr/bin/nvidia-smi', '/opt/rocm/bin/amd-smi']))).toBe(2);
  });

  test('whose kernel does not tell is asked through AMD’s tools', async () => {
    expect(await countOn(places('linux', ['/opt/rocm/bin/amd-smi', '/usr/bin/rocm-smi']))).toBe(2);
  });

  test('without any is said to have none', async () => {
    expect(await sourcesOn(places('linux', [])).findSources()).toEqual({
      sources: [],
      missing: 'No NVIDIA or AMD GPU was found on this computer.',
    });
    expect(await sourcesOn(places('win32', [])).findSources()).toMatchObject({
      missing: expect.stringContaining('NVIDIA'),
    });
  });

  test('from Apple is not searched: ComfyUI tells', async () => {
    expect(await sourcesOn(places('darwin', [])).findSources()).toEqual({ sources: [], missing: null });
    expect(looked).toEqual([]);
  });

  test('that runs the simulator is not searched: its own card is not what ComfyUI runs on', async () => {
    const where = places('linux', ['/usr/bin/nvidia-smi']);
    expect(await sourcesOn(where, true).findSources()).toEqual({ sources: [], missing: null });
    expect(looked).toEqual([]);
  });

  test('keeps its source over searches, so that a process that will not end is never joined by another', async () => {
    const sources = sourcesOn(places('linux', ['/usr/bin/nvidia-smi']));
    const [first, second] = [await sources.findSources(), await sources.findSources()];
    expect(first.sources[0]).toBe(second.sources[0]);
  });
});
