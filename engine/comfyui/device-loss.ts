/** Did ComfyUI lose its GPU while the computer slept, and what is to be done? Pure: evidence in, verdict out. */

import type { GpuSnapshot } from '../../contract/gpu.ts';
import type { CheckAnswer } from '../../contract/manager-api.ts';

export interface DeviceEvidence {
  readonly running: boolean;
  /** `error`: ComfyUI answered that it cannot tell its devices. `silent`: no answer. */
  readonly stats: 'answered' | 'error' | 'silent';
  readonly gpu: CheckAnswer['gpu'];
  /** What ComfyUI printed since it runs that tells of a lost device; null when nothing does. */
  readonly logLine: string | null;
  /** Prompts run or wait. */
  readonly busy: boolean;
}

export interface DeviceVerdict extends CheckAnswer {
  readonly restart: boolean;
}

/** A dead CUDA context never comes back by itself. Too little memory is another matter: the next prompt may fit. */
const LOST =
  /CUDA error: (?!out of memory)|device[- ]lost|GPU is lost|fallen off the bus|hip error: (?!out of memory)|cudaErrorDevicesUnavailable/i;

export function findLossInLog(lines: readonly string[]): string | null {
  return lines.findLast((line) => LOST.test(line))?.trim() ?? null;
}

/**
 * @param before the last reading of before the check
 * @param after the reading made for it; null when none was made
 * @returns `unknown` also where ComfyUI itself is the only source: then its own answer says it
 */
export function compareGpus(before: GpuSnapshot, after: GpuSnapshot | null): CheckAnswer['gpu'] {
  if (after === null) return 'unknown';
  if (after === before) return 'present';
  // The time of a reading stays when measuring failed; another source means that the one of before has given up.
  const failed = after.at === before.at || after.source !== before.source;
  const missing = before.gpus.some(({ id }) => !after.gpus.some((gpu) => gpu.id === id));
  return failed || missing ? 'lost' : 'present';
}

/** Is there a reading to compare with, made by something else than ComfyUI? If not, nothing is to be started for one. */
export const isComparable = ({ source, gpus }: GpuSnapshot): boolean =>
  gpus.length > 0 && source !== 'system-stats' && source !== 'simulator';

export function judgeDevice({ running, stats, gpu, logLine, busy }: DeviceEvidence): DeviceVerdict {
  const gone = 'The driver does not report the GPU any more.';
  if (!running) {
    const message =
      gpu === 'lost' ? `ComfyUI does not run. ${gone}` : 'ComfyUI does not run, so there is nothing to mend.';
    return { comfyui: 'asleep', gpu, message, restart: false };
  }
  const found =
    logLine !== null
      ? `ComfyUI lost its GPU ("${logLine}").`
      : stats === 'error'
        ? 'ComfyUI cannot reach its GPU any more.'
        : gpu === 'lost'
          ? gone
          : stats === 'silent'
            ? 'ComfyUI does not answer.'
            : null;
  if (found === null) {
    const message = gpu === 'present' ? 'ComfyUI answers, and its GPU is there.' : 'ComfyUI answers.';
    return { comfyui: 'healthy', gpu, message, restart: false };
  }
  // What runs on a device that ComfyUI itself has lost is dead; from the other signs work may recover.
  const dead = logLine !== null || stats === 'error';
  const seen = dead ? 'lost' : gpu;
  return busy && !dead
    ? { comfyui: 'unhealthy', gpu: seen, message: `${found} It has work, so it is left as it is.`, restart: false }
    : { comfyui: 'restarted', gpu: seen, message: `${found} ComfyUI is restarted.`, restart: true };
}
