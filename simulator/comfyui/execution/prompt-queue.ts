/**
 * What waits, what runs, and what ran: ComfyUI's queue and history, in memory only. It tells every change and decides
 * the order; running a prompt is prompt-runner.ts.
 */
import type { QueueItem } from './prompt.ts';

export interface HistoryEntry {
  prompt: QueueItem;
  outputs: Record<string, unknown>;
  status: { status_str: 'success' | 'error'; completed: boolean; messages: [string, unknown][] };
  meta: Record<string, unknown>;
}

export interface FreeFlags {
  unloadModels: boolean;
  freeMemory: boolean;
}

export interface PromptQueue {
  put(item: QueueItem): void;
  /** The next item, which counts as running from now on; undefined when nothing waits. */
  take(): QueueItem | undefined;
  /** Ends the running item and writes its history, replacing an older entry of the same id. */
  finish(entry: HistoryEntry): void;
  running(): QueueItem | undefined;
  /** Waiting items in the order in which they will run. */
  pending(): QueueItem[];
  remaining(): number;
  clear(): void;
  /** Removes one waiting item; the running one and unknown ids are left alone. */
  remove(promptId: string): void;
  history(query: { maxItems?: number; offset?: number }): Record<string, HistoryEntry>;
  historyOf(promptId: string): Record<string, HistoryEntry>;
  clearHistory(): void;
  removeHistory(promptId: string): void;
  setFlags(flags: Partial<FreeFlags>): void;
  /** The flags set since the last call. */
  takeFlags(): Partial<FreeFlags>;
}

const maximumHistory = 10_000;
const secretKeys = ['auth_token_comfy_org', 'api_key_comfy_org'];

/** `onChange` is called for each change of the number of jobs; `onWork` when there is something to run or to free. */
export function createPromptQueue(onChange: () => void, onWork: () => void): PromptQueue {
  let waiting: QueueItem[] = [];
  let current: QueueItem | undefined;
  let flags: Partial<FreeFlags> = {};
  const past = new Map<string, HistoryEntry>();

  return {
    put(item) {
      // Equal numbers keep the order of arrival.
      const place = waiting.findIndex((other) => other[0] > item[0]);
      waiting.splice(place < 0 ? waiting.length : place, 0, item);
      onChange();
      onWork();
    },
    take() {
      current = waiting.shift();
      if (current) onChange();
      return current;
    },
    finish(entry) {
      current = undefined;
      if (past.size > maximumHistory) past.delete(past.keys().next().value ?? '');
      const [number, id, prompt, extraData, outputs] = entry.prompt;
      const shown = Object.fromEntries(Object.entries(extraData).filter(([key]) => !secretKeys.includes(key)));
      past.set(id, { ...entry, prompt: [number, id, prompt, shown, outputs] });
      onChange();
    },
    running: () => current,
    pending: () => waiting,
    remaining: () => waiting.length + (current ? 1 : 0),
    clear() {
      waiting = [];
      onChange();
    },
    remove(promptId) {
      const place = waiting.findIndex((item) => item[1] === promptId);
      if (place < 0) return;
      waiting.splice(place, 1);
      // ComfyUI empties a queue of one by clearing it, and tells the change twice.
      if (waiting.length === 0) onChange();
      onChange();
    },
    history({ maxItems, offset = -1 }) {
      const first = offset < 0 && maxItems !== undefined ? past.size - maxItems : offset;
      const entries = [...past].filter((_, index) => index >= first);
      return Object.fromEntries(maxItems === undefined ? entries : entries.slice(0, Math.max(1, maxItems)));
    },
    historyOf(promptId) {
      const entry = past.get(promptId);
      return entry ? { [promptId]: entry } : {};
    },
    clearHistory: () => past.clear(),
    removeHistory(promptId) {
      past.delete(promptId);
    },
    setFlags(more) {
      flags = { ...flags, ...more };
      onWork();
    },
    takeFlags() {
      const taken = flags;
      flags = {};
      return taken;
    },
  };
}
