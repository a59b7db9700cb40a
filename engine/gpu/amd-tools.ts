/**
 * GPU readings from amd-smi or rocm-smi, for machines whose kernel files do not tell (amd.ts is asked first).
 * Neither tool prints JSON in a loop in all versions, so this is the one source that starts a process per sample: rarely, and only while watched.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { GpuReading } from '../../contract/gpu.ts';
import type { Clock } from '../platform/clock.ts';
import {
  AMD_SMI_METRIC,
  AMD_SMI_STATIC,
  type AmdSmiCard,
  parseAmdSmiMetric,
  parseAmdSmiStatic,
  parseRocmSmi,
  ROCM_SMI_QUERY,
} from './amd-smi.ts';
import { createPolledSource, type GpuSource } from './source.ts';

export interface AmdToolDeps {
  readonly tool: 'amd-smi' | 'rocm-smi';
  /** Where the tool lies. */
  readonly command: string;
  readonly clock: Clock;
}

/** Starting Python and its libraries takes most of a second of processor time. */
const LEAST_PERIOD_MS = 10_000;
const TIMEOUT_MS = 10_000;
const LONGEST_OUTPUT = 4 * 1024 * 1024;

const execute = promisify(execFile);

export function createAmdToolSource({ tool, command, clock }: AmdToolDeps): GpuSource {
  let cards: ReadonlyMap<number, AmdSmiCard> | null = null;

  async function run(args: readonly string[]): Promise<string> {
    const { stdout } = await execute(command, [...args], {
      timeout: TIMEOUT_MS,
      maxBuffer: LONGEST_OUTPUT,
      windowsHide: true,
    });
    return stdout;
  }

  async function readGpus(): Promise<GpuReading[]> {
    if (tool === 'rocm-smi') return parseRocmSmi(await run(ROCM_SMI_QUERY));
    cards ??= parseAmdSmiStatic(await run(AMD_SMI_STATIC));
    return parseAmdSmiMetric(await run(AMD_SMI_METRIC), cards);
  }

  return createPolledSource({
    clock,
    leastPeriodMs: LEAST_PERIOD_MS,
    async read() {
      const gpus = await readGpus();
      if (gpus.length > 0) return { kind: 'readings', source: tool, gpus, note: null };
      return { kind: 'unusable', message: `${tool} finds no GPU.` };
    },
  });
}
