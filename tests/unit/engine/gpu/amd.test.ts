import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GpuReading } from '../../../../contract/gpu.ts';
import { createAmdSource, findAmdCards } from '../../../../engine/gpu/amd.ts';
import { nameFromList } from '../../../../engine/gpu/amd-names.ts';
import { systemClock } from '../../../../engine/platform/clock.ts';
import { createMachineTree, type MachineTree } from '../../../support/machine-tree.ts';

const CARD = 'sys/class/drm/card1/device';
const GIB = 2 ** 30;
const COMFY_PID = 4242;

let machine: MachineTree;

beforeEach(() => {
  machine = createMachineTree();
  machine.write({
    [`${CARD}/vendor`]: '0x1002',
    [`${CARD}/device`]: '0x744c',
    [`${CARD}/revision`]: '0xc8',
    [`${CARD}/uevent`]: 'DRIVER=amdgpu\nPCI_CLASS=30000\nPCI_SLOT_NAME=0000:03:00.0',
    [`${CARD}/mem_info_vram_total`]: 24 * GIB,
    [`${CARD}/mem_info_vram_used`]: 9 * GIB,
    [`${CARD}/gpu_busy_percent`]: 37,
    [`${CARD}/power/runtime_status`]: 'active',
    [`${CARD}/hwmon/hwmon4/temp1_input`]: 54_000,
    [`${CARD}/hwmon/hwmon4/power1_average`]: 213_000_000,
    [`${CARD}/drm/renderD129/dev`]: '226:129',
    'sys/class/drm/card1-DP-1/status': 'connected',
    'sys/class/kfd/kfd/topology/nodes/0/gpu_id': 0,
    'sys/class/kfd/kfd/topology/nodes/0/properties': 'cpu_cores_count 16\ndrm_render_minor 0',
    'sys/class/kfd/kfd/topology/nodes/1/gpu_id': 30_381,
    'sys/class/kfd/kfd/topology/nodes/1/properties': 'simd_count 192\ndrm_render_minor 129\nlocation_id 768',
    'usr/share/libdrm/amdgpu.ids':
      '# List of AMDGPU IDs\n1.0.0\n744C,\tC4,\tAMD Radeon Pro W7900\n744C,\tC8,\tAMD Radeon RX 7900 XTX',
  });
});
afterEach(() => machine.remove());

async function read(pids: ReadonlySet<number> | null = new Set()): Promise<GpuReading[]> {
  const deps = { clock: systemClock, comfyPids: { known: () => pids }, root: machine.root };
  const source = createAmdSource(deps, await findAmdCards(machine.root));
  let stop: (() => Promise<void>) | undefined;
  const gpus = await new Promise<GpuReading[]>((resolve, reject) => {
    stop = source.start(60_000, (report) =>
      report.kind === 'readings' ? resolve(report.gpus) : reject(report.message),
    );
  });
  await stop?.();
  return gpus;
}

test('a card is read from the kernel’s files, with the name libdrm knows', async () => {
  expect(await read()).toEqual([
    {
      id: 'amd-0000:03:00.0',
      index: 0,
      name: 'AMD Radeon RX 7900 XTX',
      vendor: 'amd',
      vramTotalBytes: 24 * GIB,
      vramUsedBytes: 9 * GIB,
      vramComfyBytes: 0,
      utilizationPercent: 37,
      temperatureCelsius: 54,
      powerWatts: 213,
    },
  ]);
});

test('a card that sleeps is not woken to be read: its sensors are not told', async () => {
  machine.write({ [`${CARD}/power/runtime_status`]: 'suspended' });
  expect((await read())[0]).toMatchObject({
    vramUsedBytes: 9 * GIB,
    utilizationPercent: null,
    temperatureCelsius: null,
    powerWatts: null,
  });
});

test('a card without an average tells the power of the moment', async () => {
  machine.write({
    [`${CARD}/hwmon/hwmon4/power1_average`]: '',
    [`${CARD}/hwmon/hwmon4/power1_input`]: 99_000_000,
  });
  expect((await read())[0]?.powerWatts).toBe(99);
});

test('another vendor’s card, a server’s display chip and connectors are no cards', async () => {
  machine.write({
    'sys/class/drm/card0/device/vendor': '0x1a03',
    'sys/class/drm/card2/device/vendor': '0x10de',
    'sys/class/drm/card2/device/mem_info_vram_total': 1,
  });
  expect((await findAmdCards(machine.root)).map(({ address }) => address)).toEqual(['0000:03:00.0']);
});

test('a machine without any such file has no card', async () => {
  expect(await findAmdCards(`${machine.root}/nowhere`)).toEqual([]);
});

describe('ComfyUI holds', () => {
  test('what the compute driver counts for its processes on this card', async () => {
    machine.write({
      [`sys/class/kfd/kfd/proc/${COMFY_PID}/vram_30381`]: 7 * GIB,
      [`sys/class/kfd/kfd/proc/${COMFY_PID + 1}/vram_30381`]: GIB,
      'sys/class/kfd/kfd/proc/99/vram_30381': 5 * GIB,
    });
    expect((await read(new Set([COMFY_PID, COMFY_PID + 1])))[0]?.vramComfyBytes).toBe(8 * GIB);
  });

  test('an unknown amount when the compute driver lists none of its processes', async () => {
    expect((await read(new Set([COMFY_PID])))[0]?.vramComfyBytes).toBeNull();
  });

  test('an unknown amount as long as its processes are not known', async () => {
    expect((await read(null))[0]?.vramComfyBytes).toBeNull();
  });
});

describe('the name', () => {
  test('of an unknown revision is the number of the device', async () => {
    machine.write({ [`${CARD}/revision`]: '0xff' });
    expect((await read())[0]?.name).toBe('AMD GPU 744C');
  });

  test('the board tells itself comes first', async () => {
    machine.write({ [`${CARD}/product_name`]: 'AMD Instinct MI300X OAM' });
    expect((await read())[0]?.name).toBe('AMD Instinct MI300X OAM');
  });

  test('is found whatever else stands in the list', () => {
    expect(nameFromList('1.0.0\n\n# 744C, C8, not a name\n744c, c8, AMD Radeon, with a comma', '744C', 'C8')).toBe(
      'AMD Radeon, with a comma',
    );
    expect(nameFromList('', '', '')).toBeNull();
  });
});
