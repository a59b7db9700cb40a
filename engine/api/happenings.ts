/** The event list of the dashboard: what happened lately, a sentence each, newest kept. In memory only; the log has the rest. */
import type { Happening } from '../../contract/events.ts';
import type { Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';

const KEPT = 200;

export interface Happenings {
  add(kind: Happening['kind'], level: Happening['level'], message: string): void;
  /** Oldest first. */
  list(): Happening[];
  onAdd(listener: (happening: Happening) => void): Unsubscribe;
}

export function createHappenings(clock: Clock): Happenings {
  const kept: Happening[] = [];
  const added = createListeners<Happening>();
  let nextId = 1;
  return {
    add(kind, level, message) {
      const happening: Happening = { id: nextId, at: clock.now(), kind, level, message };
      nextId += 1;
      kept.push(happening);
      if (kept.length > KEPT) kept.shift();
      added.notify(happening);
    },
    list: () => [...kept],
    onAdd: (listener) => added.add(listener),
  };
}
