/**
 * What ComfyUI itself tells of its device (`GET /system_stats`) while it runs: the source for Apple, Intel, DirectML and the simulator,
 * where no vendor tool is asked. It knows memory only; temperature, power and utilisation stay untold.
 */
import { z } from 'zod';
import type { GpuReading } from '../../contract/gpu.ts';
import type { Clock } from '../platform/clock.ts';
import { createPolledSource, type GpuSource, type SourceReport } from './source.ts';

/** The body of `/system_stats` as ComfyUI 0.3 sends it; other fields are ignored. */
const DeviceSchema = z.object({
  name: z.string(),
  type: z.string(),
  index: z.number().int().nullable().catch(null),
  vram_total: z.number().nullable().catch(null),
  vram_free: z.number().nullable().catch(null),
  torch_vram_total: z.number().nullable().catch(null),
});
const SystemStatsSchema = z.object({ devices: z.array(DeviceSchema) });
type Device = z.infer<typeof DeviceSchema>;

export interface SystemStatsDeps {
  readonly clock: Clock;
  /** The body of `/system_stats`, null while ComfyUI does not run. Ends by itself within seconds; rejects when ComfyUI does not answer. */
  read(): Promise<unknown>;
}

/** Usual while a node holds the interpreter: ComfyUI answers nobody then. */
const SILENT = 'ComfyUI does not tell its GPU memory at the moment.';
const RESTING = 'ComfyUI tells its GPU memory only while it runs.';

export function createSystemStatsSource({ clock, read }: SystemStatsDeps): GpuSource {
  return createPolledSource({
    clock,
    async read() {
      const body = await read().catch(() => undefined);
      if (body === undefined) return { kind: 'trouble', message: SILENT };
      return body === null ? { kind: 'readings', source: 'none', gpus: [], note: RESTING } : parseSystemStats(body);
    },
  });
}

export function parseSystemStats(body: unknown): SourceReport {
  const stats = SystemStatsSchema.safeParse(body);
  if (!stats.success)
    return { kind: 'trouble', message: 'ComfyUI answered something else than its system statistics.' };
  const devices = stats.data.devices.filter(({ type }) => type !== 'cpu');
  if (devices.length === 0) return { kind: 'readings', source: 'none', gpus: [], note: 'ComfyUI runs on the CPU.' };
  const simulated = devices.some(({ name }) => /simulat/i.test(name));
  return {
    kind: 'readings',
    source: simulated ? 'simulator' : 'system-stats',
    gpus: devices.map(toReading),
    note: null,
  };
}

function toReading(device: Device, position: number): GpuReading {
  const index = device.index ?? position;
  return {
    id: `${device.type}-${index}`,
    index,
    name: productName(device),
    vendor: vendorOf(device),
    ...memoryOf(device),
    utilizationPercent: null,
    temperatureCelsius: null,
    powerWatts: null,
  };
}

type Memory = Pick<GpuReading, 'vramTotalBytes' | 'vramUsedBytes' | 'vramComfyBytes'>;

function memoryOf({ type, vram_total, vram_free, torch_vram_total }: Device): Memory {
  // For DirectML ComfyUI says 1 GiB, a constant of its own.
  if (type === 'privateuseone') return { vramTotalBytes: null, vramUsedBytes: null, vramComfyBytes: null };
  const used = vram_total === null || vram_free === null ? null : Math.max(0, vram_total - vram_free);
  return {
    vramTotalBytes: vram_total,
    vramUsedBytes: used,
    // What torch has reserved; on Apple ComfyUI repeats the size of the memory here.
    vramComfyBytes: type === 'mps' ? null : torch_vram_total,
  };
}

/** `cuda:0 NVIDIA GeForce RTX 4090 : cudaMallocAsync` holds the name between the device and the allocator. */
function productName({ name, type }: Device): string {
  if (type === 'mps') return 'Apple GPU (shares the memory of the computer)';
  if (type === 'privateuseone') return 'GPU through DirectML';
  return (
    name
      .replace(/^(?:CUDA )?\w+:\d+:? /, '')
      .replace(/ : ?\w*$/, '')
      .trim() || name
  );
}

function vendorOf({ name, type }: Device): GpuReading['vendor'] {
  if (type === 'mps') return 'apple';
  if (type === 'xpu' || /\bintel\b/i.test(name)) return 'intel';
  // ROCm calls its devices cuda as well.
  if (/\b(?:amd|radeon|instinct)\b/i.test(name)) return 'amd';
  if (/\b(?:nvidia|geforce|quadro|tesla)\b/i.test(name)) return 'nvidia';
  return 'other';
}
