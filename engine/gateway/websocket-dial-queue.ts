/** Lets a bounded number of connections to ComfyUI be made at once: its listen queue holds 128, and a thousand tabs may wait. */

/** Gives a place, or the wait for one, up; twice is fine. */
export type LeaveQueue = () => void;

export interface DialQueue {
  /** Calls `begin` when a place is free, at once if one is. */
  enter(begin: (leave: LeaveQueue) => void): LeaveQueue;
}

export function createDialQueue(places: number): DialQueue {
  const waiting = new Set<() => void>();
  let free = places;

  function admit(): void {
    for (const begin of waiting) {
      if (free === 0) return;
      waiting.delete(begin);
      begin();
    }
  }

  return {
    enter(begin) {
      let holdsPlace = false;
      const take = (): void => {
        holdsPlace = true;
        free -= 1;
        begin(leave);
      };
      const leave = (): void => {
        waiting.delete(take);
        if (!holdsPlace) return;
        holdsPlace = false;
        free += 1;
        admit();
      };
      waiting.add(take);
      admit();
      return leave;
    },
  };
}
