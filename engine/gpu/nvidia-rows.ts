/** Rows of `nvidia-smi --query-gpu` and the words it prints instead of them. Pure; never throws on any text. */
import { parseMib, parseSmiNumber } from './smi-number.ts';

/** The name comes last: it is the only field that may hold the separator. `mig.mode.current` needs driver 450 (2020). */
const FIELDS = [
  'count',
  'index',
  'uuid',
  'mig.mode.current',
  'memory.total',
  'memory.used',
  'utilization.gpu',
  'temperature.gpu',
  'power.draw',
  'name',
] as const;

export const GPU_QUERY = [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'] as const;

export interface NvidiaRow {
  /** Cards in the whole machine: how many rows one sample has. */
  readonly count: number;
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  /** The card is split into MIG devices, which these rows do not list. */
  readonly split: boolean;
  readonly vramTotalBytes: number | null;
  readonly vramUsedBytes: number | null;
  readonly utilizationPercent: number | null;
  readonly temperatureCelsius: number | null;
  readonly powerWatts: number | null;
}

/** Null for a line that is no row: an error message, a header, half a line. */
export function parseGpuRow(line: string): NvidiaRow | null {
  // The space matters: a decimal comma has none after it.
  const [count, index, uuid, mig, total, used, utilization, temperature, power, ...name] = line.trim().split(', ');
  if (power === undefined || name.length === 0) return null;
  const [countValue, indexValue] = [wholeNumber(count), wholeNumber(index)];
  if (countValue === null || indexValue === null || !uuid?.startsWith('GPU-')) return null;
  return {
    count: countValue,
    index: indexValue,
    uuid,
    name: name.join(', ').trim(),
    split: mig === 'Enabled',
    vramTotalBytes: parseMib(total ?? ''),
    vramUsedBytes: parseMib(used ?? ''),
    utilizationPercent: parseSmiNumber(utilization ?? ''),
    temperatureCelsius: parseSmiNumber(temperature ?? ''),
    powerWatts: parseSmiNumber(power),
  };
}

const wholeNumber = (text: string | undefined): number | null => (text && /^\d{1,6}$/.test(text) ? Number(text) : null);

export interface Sample {
  readonly rows: readonly NvidiaRow[];
  readonly complete: boolean;
}

export const EMPTY_SAMPLE: Sample = { rows: [], complete: false };

/**
 * Cards print one after the other with nothing between two samples: a sample is over when every card has spoken,
 * or, when one of them is lost and stays silent, when a card speaks again.
 */
export function addRow(sample: Sample, row: NvidiaRow): { readonly sample: Sample; readonly finished: Sample | null } {
  const spokeAlready = !sample.complete && sample.rows.some(({ index }) => index === row.index);
  const rows = sample.complete || spokeAlready ? [row] : [...sample.rows, row];
  const next: Sample = { rows, complete: rows.length >= row.count };
  if (next.complete) return { sample: next, finished: next };
  return { sample: next, finished: spokeAlready ? sample : null };
}

const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [/version mismatch/i, 'the NVIDIA driver was updated while the computer was running. Restart the computer'],
  [/communicate with the NVIDIA driver/i, 'the NVIDIA driver is not loaded'],
  [/GPU is lost|determine the device handle/i, 'the driver has lost a GPU. Restarting the computer brings it back'],
  [/Insufficient Permissions/i, 'this user or container may not ask the NVIDIA driver'],
  [/not a valid field/i, 'this NVIDIA driver is too old to be asked (450 or newer is needed)'],
  [/No devices were found/i, 'the NVIDIA driver finds no GPU'],
  [/Failed to initialize NVML/i, 'the NVIDIA driver does not answer'],
];

/** Why there are no rows, in words, with what nvidia-smi itself said. */
export function explainNvidiaFailure(words: string): string {
  const explanation = EXPLANATIONS.find(([pattern]) => pattern.test(words))?.[1];
  if (explanation) return `GPU readings are missing: ${explanation}. (nvidia-smi: ${words})`;
  return `GPU readings are missing: nvidia-smi ended${words ? ` and said: ${words}` : ' without a word'}.`;
}
