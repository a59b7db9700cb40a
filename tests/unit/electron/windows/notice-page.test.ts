/** The page that stands in for the engine's: complete in both languages, without a script, and no reason can smuggle markup into it. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isNotice, type Notice, noticeAddress, readNoticeTemplate } from '../../../../electron/windows/notice-page.ts';
import { windowsWords as german } from '../../../../strings/de/windows.ts';
import { windowsWords as english } from '../../../../strings/en/windows.ts';

const TEMPLATE = readNoticeTemplate(resolve(import.meta.dirname, '../../../../resources/desktop/notice.html'));
const NOTICES: readonly Notice[] = [
  { kind: 'starting' },
  { kind: 'restarting', reason: 'It ended with code 1.' },
  { kind: 'gaveUp', reason: 'It ended five times.' },
  { kind: 'unreachable', reason: 'ERR_CONNECTION_REFUSED' },
  { kind: 'crashed', outOfMemory: false },
  { kind: 'crashed', outOfMemory: true },
];

const textOf = (address: string): string =>
  Buffer.from(address.slice(address.indexOf(',') + 1), 'base64').toString('utf8');

describe('the notice page', () => {
  test.each(NOTICES)('$kind: every place in it is filled, in both languages', (notice) => {
    for (const words of [english, german]) {
      const address = noticeAddress(TEMPLATE, notice, words);
      const page = textOf(address);
      expect(isNotice(address)).toBe(true);
      expect(page).not.toMatch(/\{\{|undefined/);
      expect(page).toContain(`<html lang="${words.language}">`);
      expect(page).toContain(words.notice[notice.kind].title);
      if ('reason' in notice) expect(page).toContain(notice.reason);
    }
  });

  test('running out of memory is said', () => {
    expect(textOf(noticeAddress(TEMPLATE, { kind: 'crashed', outOfMemory: true }, english))).toContain('memory');
  });

  test('what the engine said stays text', () => {
    const reason = `</p><script>alert("x")</script><a href='file:///'>&`;
    const page = textOf(noticeAddress(TEMPLATE, { kind: 'gaveUp', reason }, english));
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&lt;a href=&#39;file:///&#39;&gt;&amp;');
  });

  test('it runs nothing and loads nothing', () => {
    expect(TEMPLATE).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(TEMPLATE).not.toMatch(/<script|src=|@import|url\(/);
  });

  test("another page's address is none", () => {
    expect(isNotice('data:text/html,hello')).toBe(false);
    expect(isNotice('http://127.0.0.1:8188/')).toBe(false);
  });
});
