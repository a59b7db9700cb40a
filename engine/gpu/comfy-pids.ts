/** The process ids of ComfyUI's tree for a sampling loop that cannot wait: asked in the background, and rarely, because a process table costs. */
import type { Clock } from '../platform/clock.ts';

export interface ComfyPids {
  /** Empty while ComfyUI does not run; null while not known yet. At most a few seconds old when called regularly. */
  known(): ReadonlySet<number> | null;
}

export interface ComfyPidsDeps {
  readonly clock: Clock;
  /** Pids of the ComfyUI process tree now. */
  read(): Promise<ReadonlySet<number>>;
}

const FRESH_MS = 5000;

export function createComfyPids({ clock, read }: ComfyPidsDeps): ComfyPids {
  let pids: ReadonlySet<number> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking = false;

  async function ask(): Promise<void> {
    asking = true;
    askedAt = clock.monotonic();
    pids = await read().catch(() => null);
    asking = false;
  }

  return {
    known() {
      if (!asking && clock.monotonic() - askedAt >= FRESH_MS) void ask();
      return pids;
    },
  };
}
