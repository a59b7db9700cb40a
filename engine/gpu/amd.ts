/**
 * GPU readings of AMD cards on Linux, read from the kernel's own files (`/sys/class/drm`, `/sys/class/kfd`).
 *
 * Why not amd-smi or rocm-smi: they are Python programs that read these very files, take most of a second of processor time per start,
 * exist only where ROCm's tools are installed, and `amd-smi … --watch --json` prints nothing before ROCm 7.2. A few file reads per sample
 * need no process at all. The tools are asked only where these files are missing (amd-smi.ts).
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GpuReading } from '../../contract/gpu.ts';
import type { Clock } from '../platform/clock.ts';
import { findAmdName } from './amd-names.ts';
import type { ComfyPids } from './comfy-pids.ts';
import { createPolledSource, type GpuSource } from './source.ts';

export interface AmdSourceDeps {
  readonly clock: Clock;
  readonly comfyPids: ComfyPids;
  /** `/` on a real machine. */
  readonly root: string;
}

const AMD_VENDOR = '0x1002';

/** A card as it was found: what does not change while the machine is up. */
export interface AmdCard {
  readonly index: number;
  /** PCI address, for example `0000:03:00.0`. */
  readonly address: string;
  readonly device: string;
  readonly name: string;
  /** Its number in the kernel's compute driver; null when that driver does not serve it. */
  readonly kfdId: string | null;
}

/** Cards with memory of their own; empty on machines without any, and on other systems than Linux. */
export async function findAmdCards(root: string): Promise<AmdCard[]> {
  const drm = join(root, 'sys/class/drm');
  const folders = (await list(drm)).filter((name) => /^card\d+$/.test(name)).sort(byNumber);
  const kfdIds = await readKfdIds(root);
  const cards: AmdCard[] = [];
  for (const folder of folders) {
    const device = join(drm, folder, 'device');
    const [vendor, total] = [await text(device, 'vendor'), await number(device, 'mem_info_vram_total')];
    if (vendor !== AMD_VENDOR || total === null) continue;
    const renderNode = (await list(join(device, 'drm'))).find((name) => name.startsWith('renderD'));
    cards.push({
      index: cards.length,
      address: /^PCI_SLOT_NAME=(\S+)$/m.exec((await text(device, 'uevent')) ?? '')?.[1] ?? folder,
      device,
      name: (await text(device, 'product_name')) || (await findAmdName(root, device)),
      kfdId: kfdIds.get(renderNode?.slice('renderD'.length) ?? '') ?? null,
    });
  }
  return cards;
}

export function createAmdSource({ clock, comfyPids, root }: AmdSourceDeps, cards: readonly AmdCard[]): GpuSource {
  return createPolledSource({
    clock,
    async read() {
      const pids = comfyPids.known();
      const gpus = await Promise.all(cards.map((card) => readCard(card, root, pids)));
      return { kind: 'readings', source: 'amdgpu', gpus, note: null };
    },
  });
}

async function readCard(card: AmdCard, root: string, pids: ReadonlySet<number> | null): Promise<GpuReading> {
  const { device } = card;
  // Reading a sensor wakes a card that sleeps (a laptop's second one); the memory counters do not.
  const asleep = (await text(device, 'power/runtime_status')) === 'suspended';
  const sensors = asleep ? null : await sensorFolder(device);
  const [vramTotalBytes, vramUsedBytes, utilizationPercent, milliCelsius, microWatts, vramComfyBytes] =
    await Promise.all([
      number(device, 'mem_info_vram_total'),
      number(device, 'mem_info_vram_used'),
      asleep ? null : number(device, 'gpu_busy_percent'),
      sensors ? number(sensors, 'temp1_input') : null,
      sensors ? powerMicroWatts(sensors) : null,
      comfyBytes(card, root, pids),
    ]);
  return {
    id: `amd-${card.address}`,
    index: card.index,
    name: card.name,
    vendor: 'amd',
    vramTotalBytes,
    vramUsedBytes,
    vramComfyBytes,
    utilizationPercent,
    temperatureCelsius: milliCelsius === null ? null : milliCelsius / 1000,
    powerWatts: microWatts === null ? null : microWatts / 1_000_000,
  };
}

/** The average until RDNA 2, the moment's value since RDNA 3. */
const powerMicroWatts = async (sensors: string): Promise<number | null> =>
  (await number(sensors, 'power1_average')) ?? (await number(sensors, 'power1_input'));

/** Memory that ComfyUI's processes allocated through ROCm. Null when the compute driver lists none of them, as inside a container. */
async function comfyBytes(card: AmdCard, root: string, pids: ReadonlySet<number> | null): Promise<number | null> {
  if (!pids) return null;
  if (pids.size === 0) return 0;
  if (!card.kfdId) return null;
  const held = await Promise.all(
    [...pids].map((pid) => number(join(root, 'sys/class/kfd/kfd/proc', String(pid)), `vram_${card.kfdId}`)),
  );
  const told = held.filter((bytes) => bytes !== null);
  return told.length === 0 ? null : told.reduce((sum, bytes) => sum + bytes, 0);
}

/** By render node number: the compute driver numbers cards in its own way. */
async function readKfdIds(root: string): Promise<Map<string, string>> {
  const nodes = join(root, 'sys/class/kfd/kfd/topology/nodes');
  const ids = new Map<string, string>();
  for (const node of await list(nodes)) {
    const id = await text(join(nodes, node), 'gpu_id');
    const minor = /^drm_render_minor (\d+)$/m.exec((await text(join(nodes, node), 'properties')) ?? '')?.[1];
    if (id && id !== '0' && minor) ids.set(minor, id);
  }
  return ids;
}

async function sensorFolder(device: string): Promise<string | null> {
  const [folder] = await list(join(device, 'hwmon'));
  return folder ? join(device, 'hwmon', folder) : null;
}

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Null when the kernel has no such file for this card, or refuses to tell just now. */
const text = (folder: string, name: string): Promise<string | null> =>
  readFile(join(folder, name), 'utf8').then(
    (content) => content.trim(),
    () => null,
  );

async function number(folder: string, name: string): Promise<number | null> {
  const content = await text(folder, name);
  return content && /^\d+$/.test(content) ? Number(content) : null;
}

const byNumber = (left: string, right: string): number =>
  Number(left.replace(/\D/g, '')) - Number(right.replace(/\D/g, ''));
