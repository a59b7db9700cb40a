import { expect, test } from 'vitest';
import type { Happening } from '../../../../contract/events.ts';
import { addHappenings } from '../../../../renderer/lib/happening-list.ts';

const happening = (id: number, at: number): Happening => ({
  id,
  at,
  kind: 'state',
  level: 'info',
  message: String(id),
});
const ids = (list: readonly Happening[]) => list.map(({ id }) => id);

test('newest first, each once', () => {
  const list = addHappenings([happening(2, 20), happening(1, 10)], [happening(2, 20), happening(3, 30)]);
  expect(ids(list)).toEqual([3, 2, 1]);
});

test('a restarted engine counts from one again and hides nothing', () => {
  expect(ids(addHappenings([happening(1, 10)], [happening(1, 50)]))).toEqual([1, 1]);
});

test('nothing new is the same list', () => {
  const kept = [happening(1, 10)];
  expect(addHappenings(kept, [happening(1, 10)])).toBe(kept);
});

test('the list does not grow without end', () => {
  const many = Array.from({ length: 500 }, (_unused, index) => happening(index, index));
  const list = addHappenings([], many);
  expect([list.length, list[0]?.id]).toEqual([200, 499]);
});
