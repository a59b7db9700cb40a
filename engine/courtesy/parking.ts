/**
 * Takes what waits out of ComfyUI's queue, so that ComfyUI may end. Never lost, never twice: each prompt is a job on disk before it is deleted
 * from ComfyUI, and the queue of jobs hands it over again when the card is back. Whoever calls again finishes what was broken off.
 */
import type { QueueItem, QueueItemsClient } from '../comfyui/queue-items.ts';

export interface ParkingDeps {
  readonly comfy: Pick<QueueItemsClient, 'read' | 'remove'>;
  /**
   * Resolves when the prompt is a job on disk that knows it is about to be taken out.
   * The function it resolves with takes that back: the prompt has begun to run.
   */
  readonly withdraw: (item: QueueItem) => Promise<() => void>;
}

export interface Parking {
  /** Sets aside what waits. @returns how many run or still wait: nothing, and ComfyUI may end. @throws AppError when ComfyUI does not answer */
  park(): Promise<number>;
}

export function createParking({ comfy, withdraw }: ParkingDeps): Parking {
  return {
    async park() {
      const before = await comfy.read();
      if (before.pending.length === 0) return before.running.length;
      const takeBack = new Map<string, () => void>();
      for (const item of before.pending) takeBack.set(item.promptId, await withdraw(item));
      await comfy.remove(before.pending.map(({ promptId }) => promptId));
      const after = await comfy.read();
      for (const promptId of after.running) takeBack.get(promptId)?.();
      return after.running.length + after.pending.length;
    },
  };
}
