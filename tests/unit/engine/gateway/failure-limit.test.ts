import { expect, it } from 'vitest';
import { createFailureLimit } from '../../../../engine/gateway/failure-limit.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

it('lets a person mistype and slows a program down to one a second', async () => {
  const clock = createManualClock();
  const limit = createFailureLimit(clock);
  const burst = Array.from({ length: 20 }, () => limit.allows());
  expect(burst.filter(Boolean)).toHaveLength(10);
  await clock.advance(3000);
  const later = Array.from({ length: 20 }, () => limit.allows());
  expect(later.filter(Boolean)).toHaveLength(3);
});
