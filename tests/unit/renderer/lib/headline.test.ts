import { describe, expect, test } from 'vitest';
import { headlineOf, reasonUnder } from '../../../../renderer/lib/headline.ts';
import * as fixtures from '../../../support/dashboard-fixtures.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('the headline', () => {
  test('a failure is named by what failed', () => expect(headlineOf(fixtures.failed(now))).toBe('Did not start'));

  test('a code of a newer engine is a failure all the same', () => {
    const { error } = fixtures.failed(now);
    if (error === null) throw new Error('the fixture has no error');
    expect(headlineOf({ ...fixtures.failed(now), error: { ...error, code: 'from_the_future' } })).toBe('Failed');
  });

  test.each([
    ['Asleep', 'Asleep: nothing needed it.', 'Nothing needed it.'],
    ['Stopping', 'Stopping: waiting for it.', 'Waiting for it.'],
    ['Ready', 'Running because you asked for it.', 'Running because you asked for it.'],
    ['Asleep', 'Asleep: ', ''],
  ])('“%s” is not said twice in “%s”', (headline, reason, shown) => expect(reasonUnder(headline, reason)).toBe(shown));
});
