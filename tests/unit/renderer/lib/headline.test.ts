import { describe, expect, test } from 'vitest';
import type { Status } from '../../../../contract/status.ts';
import { headlineOf, reasonUnder } from '../../../../renderer/lib/headline.ts';
import { queueProgress } from '../../../../renderer/lib/queue-progress.ts';
import { tabTitle } from '../../../../renderer/lib/tab-title.ts';
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

describe('the title of the tab', () => {
  test.each<[string, Status | undefined, string]>([
    ['asleep', fixtures.asleep(now), 'Asleep · Stoker'],
    ['working', fixtures.working(now), 'Working 52% · Stoker'],
    ['failed', fixtures.failed(now), 'Did not start · Stoker'],
    ['unreachable', undefined, 'No answer · Stoker'],
  ])('%s', (_name, status, title) => expect(tabTitle('overview', status)).toBe(title));

  test('other pages name themselves, then the state', () => {
    expect(tabTitle('logs', fixtures.ready(now))).toBe('Log · Ready · Stoker');
  });
});

describe('the progress of a prompt', () => {
  const current = {
    promptId: 'p',
    node: '1',
    nodeType: 'KSampler',
    value: null,
    max: null,
    nodesDone: 4,
    nodesTotal: 8,
  };

  test.each([
    ['nodes done', current, 0.5],
    ['and the share of the one that runs', { ...current, value: 10, max: 20 }, 0.5625],
    ['all done', { ...current, nodesDone: 8, value: 3, max: 20 }, 1],
    ['a prompt without nodes', { ...current, nodesDone: 0, nodesTotal: 0 }, 0],
    ['a node that counts past its end', { ...current, value: 40, max: 20 }, 0.625],
  ])('%s', (_name, progress, share) => expect(queueProgress(progress)).toBe(share));
});
