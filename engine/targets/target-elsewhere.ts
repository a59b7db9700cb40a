/** What every target off this computer shares: a breaker before it, a count of the jobs it has under way, and word of its changes. Runs nothing itself. */
import { joined, type Listeners } from '../platform/listeners.ts';
import type { Breaker } from './breaker.ts';
import type { RunEnd, Target, TargetOffer, TargetTask } from './target.ts';

export interface TargetElsewhere extends Target {
  /** Its address, key or limits have changed. */
  changed(): void;
  /** Jobs it has under way. */
  held(): number;
  close(): void;
}

export interface TargetElsewhereDeps {
  readonly name: string;
  readonly breaker: Breaker;
  readonly changed: Listeners<void>;
  /** @param held jobs it has under way */
  readonly offer: (held: number) => TargetOffer;
  readonly run: (task: TargetTask) => Promise<RunEnd>;
}

export function createTargetElsewhere({ name, breaker, changed, offer, run }: TargetElsewhereDeps): TargetElsewhere {
  let held = 0;
  return {
    name,
    offer: () => breaker.offer(offer(held)),
    onChange: (listener) => joined(changed.add(listener), breaker.onChange(listener)),
    changed() {
      breaker.reset();
      changed.notify();
    },
    held: () => held,
    close: breaker.close,
    async run(task) {
      const end = breaker.begin();
      held += 1;
      try {
        return await run(task);
      } finally {
        held -= 1;
        end();
      }
    },
  };
}
