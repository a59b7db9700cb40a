/** After the computer slept: gathers what tells whether ComfyUI and its GPU still live, and restarts ComfyUI when the device is lost. */
import type { GpuSnapshot } from '../../contract/gpu.ts';
import type { CheckAnswer } from '../../contract/manager-api.ts';
import { AppError } from '../platform/app-error.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyLog, Supervisor } from '../supervisor/supervisor.ts';
import type { ComfyClient } from './client.ts';
import { compareGpus, type DeviceEvidence, findLossInLog, isComparable, judgeDevice } from './device-loss.ts';
import type { QueueWatch } from './queue-watch.ts';

export interface DeviceCheckDeps {
  readonly supervisor: Pick<Supervisor, 'state' | 'restart'> & { readonly log: Pick<ComfyLog, 'tail'> };
  readonly client: Pick<ComfyClient, 'systemStats'>;
  readonly queue: Pick<QueueWatch, 'refresh' | 'snapshot'>;
  readonly gpu: { snapshot(): GpuSnapshot; readOnce(): Promise<GpuSnapshot> };
  readonly log: Log;
}

const LOG_LINES = 2000;

/** The returned function takes seconds where a driver or ComfyUI does not answer; it never rejects, and does not wait for a restart. */
export function createDeviceCheck({
  supervisor,
  client,
  queue,
  gpu,
  log,
}: DeviceCheckDeps): () => Promise<CheckAnswer> {
  async function askStats(): Promise<DeviceEvidence['stats']> {
    try {
      await client.systemStats();
      return 'answered';
    } catch (error) {
      return error instanceof AppError && 'status' in error.details ? 'error' : 'silent';
    }
  }

  async function isBusy(): Promise<boolean> {
    const { running, pending } = await queue.refresh().catch(() => queue.snapshot());
    return running + pending > 0;
  }

  async function compare(): Promise<CheckAnswer['gpu']> {
    const before = gpu.snapshot();
    return compareGpus(before, isComparable(before) ? await gpu.readOnce() : null);
  }

  return async () => {
    const state = supervisor.state();
    const running = state.kind === 'running';
    const [compared, stats, busy] = await Promise.all([
      compare(),
      running ? askStats() : ('silent' as const),
      running ? isBusy() : false,
    ]);
    const printed = supervisor.log.tail(LOG_LINES).filter(({ at }) => running && at >= state.since);
    const logLine = findLossInLog(printed.map(({ text }) => text));
    const { restart, ...answer } = judgeDevice({
      // It may have crashed meanwhile: then the supervisor has begun what there is to do.
      running: running && supervisor.state().kind === 'running',
      stats,
      gpu: compared,
      logLine,
      busy,
    });
    if (restart) {
      supervisor.restart().catch((error: unknown) => log.warn({ err: error }, 'the restart after the check failed'));
    }
    return answer;
  };
}
