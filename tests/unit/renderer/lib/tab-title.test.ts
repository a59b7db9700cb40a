import { describe, expect, test } from 'vitest';
import type { Status } from '../../../../contract/status.ts';
import { tabTitle } from '../../../../renderer/lib/tab-title.ts';
import * as fixtures from '../../../support/dashboard-fixtures.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('the title of the tab', () => {
  test.each<[string, Status | undefined | 'locked', string]>([
    ['asleep', fixtures.asleep(now), 'Asleep · Stoker'],
    ['working', fixtures.working(now), 'Working 52% · Stoker'],
    ['failed', fixtures.failed(now), 'Did not start · Stoker'],
    ['unreachable', undefined, 'No answer · Stoker'],
    ['locked', 'locked', 'Locked · Stoker'],
  ])('%s', (_name, status, title) => expect(tabTitle('overview', status)).toBe(title));

  test('other pages name themselves, then the state', () => {
    expect(tabTitle('logs', fixtures.ready(now))).toBe('Log · Ready · Stoker');
  });
});
