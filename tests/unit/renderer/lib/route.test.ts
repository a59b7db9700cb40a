import { describe, expect, test } from 'vitest';
import { MANAGER_ROUTES } from '../../../../contract/manager-api.ts';
import { jobIdOf, jobPathOf, PAGE_GROUPS, pageOf, pathOf } from '../../../../renderer/lib/route.ts';
import { topicsFor } from '../../../../renderer/lib/topics.ts';

const PAGES = PAGE_GROUPS.flat();

describe('addresses', () => {
  test.each(PAGES)('%s leads back to itself, with and without a slash', (page) => {
    expect([pageOf(pathOf(page)), pageOf(`${pathOf(page)}/`)]).toEqual([page, page]);
  });

  test('pages share their addresses with the data they show', () => {
    expect([pathOf('logs'), pathOf('settings'), pathOf('doctor')]).toEqual([
      MANAGER_ROUTES.logs,
      MANAGER_ROUTES.settings,
      MANAGER_ROUTES.doctor,
    ]);
  });

  test('the page of targets is still found where it was', () => {
    expect(pageOf('/manager/endpoints')).toBe('targets');
  });

  test.each(['/', '/manager/nowhere', '/manager/logs/1', '/manager/jobs', '/manager/jobs/%'])(
    '%s is none of ours',
    (path) => expect(pageOf(path)).toBeNull(),
  );

  test('a job is found again by its address, whatever its id', () => {
    const path = jobPathOf('a/b c');
    expect([pageOf(path), jobIdOf(path), jobIdOf(`${path}/`)]).toEqual(['job', 'a/b c', 'a/b c']);
  });
});

describe('topics', () => {
  test('the GPU is measured only while somebody looks at it', () => {
    const watched = PAGES.filter((page) => topicsFor(page, true).includes('gpu'));
    expect(watched).toEqual(['overview']);
  });

  test('the log is sent only where it is read', () => {
    expect(PAGES.filter((page) => topicsFor(page, true).includes('log'))).toEqual(['logs']);
  });

  test('a hidden tab asks for neither, but still knows the state', () => {
    for (const page of PAGES) expect(topicsFor(page, false)).toEqual(['status', 'happening']);
  });

  test('the same wish is the same list, so that nothing reconnects', () => {
    expect(topicsFor('overview', true)).toBe(topicsFor('overview', true));
  });
});
