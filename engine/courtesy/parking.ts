/**
 * Takes what waits out of ComfyUI's queue, and puts it back. Never lost, never twice: kept on disk before it is deleted from
 * ComfyUI, struck only when ComfyUI has it; in between its id tells where it is. Whoever calls again finishes what was broken off.
 */
import type { QueueItem, QueueItems, QueueItemsClient } from '../comfyui/queue-items.ts';
import type { ParkedQueue } from './parked-queue.ts';

export interface ParkingDeps {
  readonly comfy: Pick<QueueItemsClient, 'read' | 'remove' | 'hasEnded' | 'submit'>;
  readonly parked: ParkedQueue;
  /** Prompts of the history that outlives ComfyUI. */
  readonly lastKnownHistory: () => Readonly<Record<string, unknown>>;
  /**
   * Work that its owner keeps and hands over again by itself (jobs): told before it is deleted. Null for all else.
   * The function it returns takes that back: the prompt has begun to run.
   */
  readonly withdraw: (item: QueueItem) => (() => void) | null;
  /** In words, from ComfyUI's 400 answer. */
  readonly refusalWords: (answer: unknown) => string;
  readonly onRefused: (item: QueueItem, reason: string) => void;
}

export interface Parking {
  /** Sets aside what waits. @returns how many run or still wait: nothing, and ComfyUI may end. @throws AppError when ComfyUI does not answer */
  park(): Promise<number>;
  /** Queues what is kept again, in its order, until `isWanted` says no. @throws AppError when ComfyUI does not answer */
  putBack(isWanted: () => boolean): Promise<void>;
}

export function createParking({ comfy, parked, ...deps }: ParkingDeps): Parking {
  async function hasEnded(promptId: string): Promise<boolean> {
    return promptId in deps.lastKnownHistory() || (await comfy.hasEnded(promptId));
  }

  /** What is kept and has begun to run all the same is not kept. `queue` was read before the history is asked. */
  async function strikeBegun(queue: QueueItems): Promise<void> {
    const waiting = new Set(queue.pending.map(({ promptId }) => promptId));
    const begun = new Set(queue.running);
    for (const { promptId } of parked.list()) {
      if (!begun.has(promptId) && !waiting.has(promptId) && (await hasEnded(promptId))) begun.add(promptId);
    }
    parked.strike(begun);
  }

  return {
    async park() {
      const before = await comfy.read();
      if (before.pending.length === 0) {
        await strikeBegun(before);
        return before.running.length;
      }
      const takeBack = new Map<string, () => void>();
      const kept: QueueItem[] = [];
      for (const item of before.pending) {
        const undo = deps.withdraw(item);
        if (undo === null) kept.push(item);
        else takeBack.set(item.promptId, undo);
      }
      parked.add(kept);
      await comfy.remove(before.pending.map(({ promptId }) => promptId));
      const after = await comfy.read();
      for (const promptId of after.running) takeBack.get(promptId)?.();
      await strikeBegun(after);
      return after.running.length + after.pending.length;
    },

    async putBack(isWanted) {
      const { running, pending } = await comfy.read();
      const held = new Set([...running, ...pending.map(({ promptId }) => promptId)]);
      for (const item of [...parked.list()]) {
        if (!isWanted()) return;
        const { promptId } = item;
        if (held.has(promptId) || (await hasEnded(promptId))) {
          parked.strike(new Set([promptId]));
          continue;
        }
        const answer = await comfy.submit(item);
        if (answer.kind === 'accepted') parked.strike(new Set([promptId]));
        else {
          const reason = deps.refusalWords(answer.answer);
          parked.refuse(item, reason);
          deps.onRefused(item, reason);
        }
      }
    },
  };
}
