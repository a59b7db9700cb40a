/** A journal for tests of the gateway alone: takes nothing in, so that every prompt passes as it came. */
import type { Journal } from '../../engine/jobs/journal.ts';

const unasked = async (): Promise<never> => {
  throw new Error('nothing was written down, so nothing can be said of it');
};

export const NO_JOURNAL: Journal = {
  write: async () => null,
  accepted: unasked,
  uncertain: () => undefined,
  giveBack: unasked,
  refused: unasked,
  adopt: unasked,
  mayBeHandedOver: () => true,
  deleted: async () => undefined,
  jobOf: () => null,
  kept: () => 0,
  keptItems: () => [],
};
