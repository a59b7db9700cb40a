import { describe, expect, test } from 'vitest';
import {
  newServerDraft,
  readServerDraft,
  type ServerDraft,
  serverDraftOf,
} from '../../../../renderer/lib/server-form.ts';
import { server } from '../../../support/dashboard-targets.ts';

const filled = (changes: Partial<ServerDraft> = {}): ServerDraft => ({
  ...newServerDraft(),
  name: 'studio',
  url: 'http://192.168.1.20:8188',
  ...changes,
});

describe('what is typed', () => {
  test('an address alone is enough, and its last slash does not count', () => {
    expect(readServerDraft(filled({ url: ' http://studio.local:8188/ ' }))).toEqual({
      kind: 'body',
      name: 'studio',
      body: { url: 'http://studio.local:8188', maxJobs: 2, automatic: true },
    });
  });

  test.each([
    [{ name: '' }, 'name'],
    [{ name: 'Studio' }, 'name'],
    [{ name: 'local' }, 'name'],
    [{ url: '' }, 'url'],
    [{ url: '192.168.1.20:8188' }, 'url'],
    [{ url: 'ftp://studio' }, 'url'],
    [{ maxJobs: '0' }, 'maxJobs'],
    [{ maxJobs: 'two' }, 'maxJobs'],
    [{ maxJobs: '101' }, 'maxJobs'],
  ])('%j is refused at its field alone', (changes, field) => {
    const reading = readServerDraft(filled(changes));
    expect(reading.kind === 'problems' && Object.keys(reading.problems)).toEqual([field]);
  });

  test('a server reads the same again', () => {
    const kept = server({ maxJobs: 7, automatic: false });
    expect(readServerDraft(serverDraftOf(kept))).toMatchObject({
      name: 'studio',
      body: { url: kept.url, maxJobs: 7, automatic: false },
    });
  });
});
