import { describe, expect, it } from 'vitest';
import {
  filterFrom,
  groupOf,
  matchesFilter,
  NO_FILTER,
  searchOf,
  statesOf,
} from '../../../../renderer/lib/job-group.ts';
import { jobSummary, runningState } from '../../../support/job-fixtures.ts';

describe('the parts of the list', () => {
  it('every state is in exactly one', () => {
    const ended = { endedAt: 1, target: 'local' };
    expect(groupOf({ kind: 'queued', runAt: 1, attempt: 1 })).toBe('waiting');
    expect(groupOf(runningState())).toBe('running');
    expect(groupOf({ kind: 'completed', ...ended })).toBe('ended');
  });

  it('a filter by state leaves the parts without it out, and is not asked of the engine', () => {
    expect(statesOf('ended', NO_FILTER)).toEqual(['completed', 'failed', 'cancelled']);
    expect(statesOf('ended', { ...NO_FILTER, state: 'failed' })).toEqual(['failed']);
    expect(statesOf('waiting', { ...NO_FILTER, state: 'failed' })).toBeNull();
  });
});

describe('a filter', () => {
  it('is found again in the address of the page', () => {
    const filter = { state: 'failed', target: 'pod', tag: 'a&b', search: 'x y' } as const;
    expect(filterFrom(searchOf(filter))).toEqual(filter);
    expect(searchOf(NO_FILTER)).toBe('');
    expect(filterFrom('?state=nonsense')).toEqual(NO_FILTER);
  });

  it('matches as the engine does: words in title, id and tags, whatever their case', () => {
    const job = jobSummary({ id: 'abc', title: 'Portrait', tags: ['Client'] });
    for (const search of ['', 'ORTR', 'ab', 'client']) expect(matchesFilter(job, { ...NO_FILTER, search })).toBe(true);
    expect(matchesFilter(job, { ...NO_FILTER, search: 'landscape' })).toBe(false);
    expect(matchesFilter(job, { ...NO_FILTER, tag: 'client' })).toBe(false);
    expect(matchesFilter(job, { ...NO_FILTER, state: 'running' })).toBe(false);
  });

  it('by target means where a waiting job wants to go, and where any other was', () => {
    const target = { ...NO_FILTER, target: 'pod' };
    const waiting = jobSummary({ wantedTarget: 'pod', ranOn: 'other' });
    expect(matchesFilter(waiting, target)).toBe(true);
    expect(matchesFilter({ ...waiting, state: runningState() }, target)).toBe(false);
    expect(matchesFilter({ ...waiting, state: runningState(), ranOn: 'pod' }, target)).toBe(true);
  });
});
