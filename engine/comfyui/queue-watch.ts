/**
 * What ComfyUI is working on, learnt from its own `status` messages (they go to every socket) and `GET /queue`:
 * no polling while it runs. Knows nothing of policy.
 */
import type { QueueStatus } from '../../contract/status.ts';
import type { Unsubscribe } from '../platform/listeners.ts';

export interface QueueWatch {
  /** The last known queue. `known` is false from the moment a prompt passes the gateway until ComfyUI was asked again, and while it does not answer. */
  snapshot(): QueueStatus;
  /** Asks ComfyUI now; resolves with what it said. Rejects with AppError upstream_unreachable when it does not answer. */
  refresh(): Promise<QueueStatus>;
  /** The gateway passes something on that changes the queue: the snapshot is not `known` until asked again. */
  expectChange(): void;
  onChange(listener: (queue: QueueStatus) => void): Unsubscribe;
  /** The history ComfyUI last told (newest `GET /history?max_items=64`), kept on disk for reads while it sleeps: a JSON object by prompt id. */
  lastKnownHistory(): Readonly<Record<string, unknown>>;
  close(): void;
}
