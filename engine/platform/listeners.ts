/** A typed list of listeners for one event: events announce what is so, they do not steer control flow. */

export type Unsubscribe = () => void;

/** Ends them all. */
export const joined =
  (...all: readonly Unsubscribe[]): Unsubscribe =>
  () => {
    for (const unsubscribe of all) unsubscribe();
  };

export interface Listeners<Value> {
  add(listener: (value: Value) => void): Unsubscribe;
  /** Calls every listener; one that throws does not stop the others (`onError` hears of it). */
  notify(value: Value): void;
  readonly size: number;
}

export function createListeners<Value>(onError: (error: unknown) => void = () => undefined): Listeners<Value> {
  const listeners = new Set<(value: Value) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify(value) {
      for (const listener of [...listeners]) {
        try {
          listener(value);
        } catch (error) {
          onError(error);
        }
      }
    },
    get size() {
      return listeners.size;
    },
  };
}
