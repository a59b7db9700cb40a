/** Ends a ComfyUI and everything it started: asks, waits, then does not ask. Never gives up while something may still be left. */
import type { Clock } from '../platform/clock.ts';
import type { ComfyProcess } from './launch/comfy-process.ts';
import type { ProcessTree } from './processes/process-tree.ts';

export interface EndingDeps {
  readonly tree: ProcessTree;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Keeps the engine alive meanwhile: one that exited now would leave an orphan. */
  readonly wait: (delayMs: number) => Promise<void>;
}

/** ComfyUI ends within a tenth of a second of SIGTERM; each look walks the process table, so they become rarer. */
const FIRST_LOOK_MS = 50;
const LONGEST_LOOK_MS = 250;
/** What outlives the process it was started by has nobody left to be patient for. */
const LEFTOVER_GRACE_MS = 1_000;

/** Resolves with the pids that would not go: empty when nothing is left. */
export async function endProcess(process: ComfyProcess, graceMs: number, deps: EndingDeps): Promise<number[]> {
  const { tree, clock, wait } = deps;
  await tree.askToEnd(process.pid);
  const askedAt = clock.monotonic();
  let rootGoneAt: number | null = null;
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LONGEST_LOOK_MS, lookMs * 2)) {
    await (process.hasExited() ? wait(lookMs) : Promise.race([process.exited, wait(lookMs)]));
    if ((await tree.remaining(process.pid)).length === 0) return [];
    const now = clock.monotonic();
    if (process.hasExited()) rootGoneAt ??= now;
    const leftoversOnly = rootGoneAt !== null && now - rootGoneAt >= LEFTOVER_GRACE_MS;
    if (now - askedAt >= graceMs || leftoversOnly) return tree.end(process.pid);
  }
}
