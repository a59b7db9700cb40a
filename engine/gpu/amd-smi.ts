/** JSON of AMD's tools: `amd-smi` (ROCm 6 prints an array, ROCm 7 an object around it) and the older `rocm-smi`. Pure; never throws on any text. */
import { z } from 'zod';
import type { GpuReading } from '../../contract/gpu.ts';
import { parseMib, parseSmiNumber } from './smi-number.ts';

export const AMD_SMI_METRIC = ['metric', '--usage', '--power', '--temperature', '--mem-usage', '--json'] as const;
export const AMD_SMI_STATIC = ['static', '--asic', '--bus', '--json'] as const;
export const ROCM_SMI_QUERY = [
  '--showproductname',
  '--showuniqueid',
  '--showbus',
  '--showuse',
  '--showmeminfo',
  'vram',
  '--showtemp',
  '--showpower',
  '--json',
] as const;

/** `{ "value": 6, "unit": "W" }`, or `"N/A"`, or the bare number of the first versions. */
const AmountSchema = z
  .union([
    z.number(),
    z.string(),
    z.object({ value: z.union([z.number(), z.string()]) }).transform(({ value }) => value),
  ])
  .transform(String)
  .catch('');
const Amount = AmountSchema.optional();

/** Each block is the text `"N/A"` when the card has none of it: that becomes an empty one. */
const MetricSchema = z.object({
  gpu: z.number().int(),
  usage: z.object({ gfx_activity: Amount }).catch({}),
  power: z.object({ socket_power: Amount }).catch({}),
  temperature: z.object({ edge: Amount, hotspot: Amount }).catch({}),
  mem_usage: z.object({ total_vram: Amount, used_vram: Amount }).catch({}),
});
const StaticSchema = z.object({
  gpu: z.number().int(),
  asic: z.object({ market_name: z.string().optional() }).catch({}),
  bus: z.object({ bdf: z.string().optional() }).catch({}),
});

export interface AmdSmiCard {
  readonly name: string;
  /** PCI address. */
  readonly address: string | null;
}

/** By the tool's own number of the card. */
export function parseAmdSmiStatic(output: string): Map<number, AmdSmiCard> {
  const cards = new Map<number, AmdSmiCard>();
  for (const entry of entries(output)) {
    const { success, data } = StaticSchema.safeParse(entry);
    if (!success) continue;
    const name = data.asic.market_name;
    cards.set(data.gpu, {
      name: name && name !== 'N/A' ? name : `AMD GPU ${data.gpu}`,
      address: data.bus.bdf ?? null,
    });
  }
  return cards;
}

export function parseAmdSmiMetric(output: string, cards: ReadonlyMap<number, AmdSmiCard>): GpuReading[] {
  return entries(output).flatMap((entry) => {
    const { success, data } = MetricSchema.safeParse(entry);
    if (!success) return [];
    const card = cards.get(data.gpu);
    const reading: GpuReading = {
      id: `amd-${card?.address ?? data.gpu}`,
      index: data.gpu,
      name: card?.name ?? `AMD GPU ${data.gpu}`,
      vendor: 'amd',
      // The unit reads MB and is 1024 × 1024 bytes.
      vramTotalBytes: parseMib(data.mem_usage.total_vram ?? ''),
      vramUsedBytes: parseMib(data.mem_usage.used_vram ?? ''),
      vramComfyBytes: null,
      utilizationPercent: parseSmiNumber(data.usage.gfx_activity ?? ''),
      // Some cards have no sensor at the edge.
      temperatureCelsius: parseSmiNumber(data.temperature.edge ?? '') ?? parseSmiNumber(data.temperature.hotspot ?? ''),
      powerWatts: parseSmiNumber(data.power.socket_power ?? ''),
    };
    return [reading];
  });
}

function entries(output: string): unknown[] {
  const json = parseJson(output);
  if (Array.isArray(json)) return json;
  const wrapped = z.object({ gpu_data: z.array(z.unknown()) }).safeParse(json);
  return wrapped.success ? wrapped.data.gpu_data : [];
}

/** Keys were reworded between versions ("Card series" and "Card Series"), so they are looked up without regard to case. */
export function parseRocmSmi(output: string): GpuReading[] {
  const json = z.record(z.string(), z.unknown()).safeParse(parseJson(output));
  if (!json.success) return [];
  return Object.entries(json.data).flatMap(([key, value]) => {
    const number = /^card(\d+)$/.exec(key)?.[1];
    const fields = z.record(z.string(), z.unknown()).safeParse(value);
    return number && fields.success ? [rocmReading(Number(number), fields.data)] : [];
  });
}

function rocmReading(index: number, fields: Readonly<Record<string, unknown>>): GpuReading {
  const byKey = new Map(Object.entries(fields).map(([key, value]) => [key.toLowerCase(), String(value).trim()]));
  const number = (...keys: string[]): number | null => {
    for (const key of keys) {
      const value = parseSmiNumber(byKey.get(key) ?? '');
      if (value !== null) return value;
    }
    return null;
  };
  // Old versions give the vendor's PCI number where the name should be.
  const name = [byKey.get('card series'), byKey.get('device name')].find((text) => text && !/^(0x|n\/a)/i.test(text));
  return {
    id: `amd-${byKey.get('pci bus')?.toLowerCase() ?? index}`,
    index,
    name: name ?? `AMD GPU ${index}`,
    vendor: 'amd',
    vramTotalBytes: number('vram total memory (b)'),
    vramUsedBytes: number('vram total used memory (b)'),
    vramComfyBytes: null,
    utilizationPercent: number('gpu use (%)'),
    temperatureCelsius: number('temperature (sensor edge) (c)', 'temperature (sensor junction) (c)'),
    powerWatts: number('average graphics package power (w)', 'current socket graphics package power (w)'),
  };
}

/** Both tools print warnings in front of the JSON. Undefined when there is none. */
function parseJson(output: string): unknown {
  const start = output.search(/^\s*[[{]/m);
  if (start === -1) return undefined;
  try {
    return JSON.parse(output.slice(start));
  } catch {
    return undefined;
  }
}
