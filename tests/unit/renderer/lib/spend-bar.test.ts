import { expect, test } from 'vitest';
import { spendBar } from '../../../../renderer/lib/spend-bar.ts';

test.each([
  [0, 0, 100, { booked: 0, reserved: 0, tone: 'calm' }],
  [50, 20, 100, { booked: 30, reserved: 20, tone: 'calm' }],
  [80, 0, 100, { booked: 80, reserved: 0, tone: 'near' }],
  [100, 100, 100, { booked: 0, reserved: 100, tone: 'reached' }],
  // A limit lowered afterwards: the bar is full, not longer than its frame.
  [300, 50, 100, { booked: 50, reserved: 50, tone: 'reached' }],
  [0, 0, 0, { booked: 100, reserved: 0, tone: 'reached' }],
])('%i spent, %i of it held, of %i', (spent, reserved, cap, bar) => {
  expect(spendBar(spent, reserved, cap)).toEqual(bar);
});
