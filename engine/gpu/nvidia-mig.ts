/**
 * MIG devices, the slices a data-centre card can be split into: `--query-gpu` does not list them, and inside a container it hides even the
 * card's own memory. `nvidia-smi -q -x` tells their memory and processes, `nvidia-smi -L` their names. Pure; never throws on any text.
 */
import { parseMib } from './smi-number.ts';

export const MIG_LIST = ['-L'] as const;
export const MIG_QUERY = ['-q', '-x'] as const;
/** The line that ends one answer of the looping query. */
export const MIG_ANSWER_END = '</nvidia_smi_log>';

export interface MigName {
  readonly gpuUuid: string;
  /** Counts from 0 on each card. */
  readonly index: number;
  readonly uuid: string;
  /** For example `3g.40gb`: compute slices and memory. */
  readonly profile: string;
}

export interface MigDevice {
  readonly gpuUuid: string;
  readonly index: number;
  readonly vramTotalBytes: number | null;
  readonly vramUsedBytes: number | null;
  readonly processes: readonly { readonly pid: number; readonly usedBytes: number | null }[];
}

export function parseMigNames(text: string): MigName[] {
  const names: MigName[] = [];
  let gpuUuid: string | null = null;
  for (const line of text.split('\n')) {
    gpuUuid = /^GPU \d+:.*\(UUID: (GPU-[\w-]+)\)/.exec(line)?.[1] ?? gpuUuid;
    const [, profile, index, uuid] = /^\s+MIG (\S+)\s+Device\s+(\d+): \(UUID: (MIG-[^)\s]+)\)/.exec(line) ?? [];
    if (gpuUuid && profile && index && uuid) names.push({ gpuUuid, index: Number(index), uuid, profile });
  }
  return names;
}

/** @param xml one answer, from its first line to MIG_ANSWER_END */
export function parseMigDevices(xml: string): MigDevice[] {
  return elements(xml, 'gpu').flatMap((card) => {
    // A MIG device may carry a uuid of its own in newer drivers: the card's is the one outside of them.
    const gpuUuid = element(card.replace(/<mig_devices>[\s\S]*?<\/mig_devices>/, ''), 'uuid');
    if (!gpuUuid) return [];
    const processes = elements(card, 'process_info').map(parseProcess);
    return elements(card, 'mig_device').flatMap((device) => {
      const index = element(device, 'index');
      if (!index || !/^\d+$/.test(index)) return [];
      const slice = sliceOf(device);
      const memory = element(device, 'fb_memory_usage') ?? '';
      return {
        gpuUuid,
        index: Number(index),
        vramTotalBytes: parseMib(element(memory, 'total') ?? ''),
        vramUsedBytes: parseMib(element(memory, 'used') ?? ''),
        processes: processes.filter((process) => process.slice === slice && Number.isInteger(process.pid)),
      };
    });
  });
}

function parseProcess(xml: string) {
  return {
    slice: sliceOf(xml),
    pid: Number(element(xml, 'pid') ?? Number.NaN),
    usedBytes: parseMib(element(xml, 'used_memory') ?? ''),
  };
}

/** GPU instance and compute instance: what a process row names its MIG device by. */
const sliceOf = (xml: string): string =>
  `${element(xml, 'gpu_instance_id') ?? '?'}/${element(xml, 'compute_instance_id') ?? '?'}`;

const element = (xml: string, name: string): string | undefined => elements(xml, name)[0];

/** The contents of each element of that name. The log nests no element in one of the same name, and needs no escapes for what is read here. */
function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map(([, content]) =>
    (content ?? '').trim(),
  );
}
