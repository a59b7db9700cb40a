/**
 * The page that stands in a window while the engine's page cannot: `resources/desktop/notice.html`, filled with words. It has no
 * script and reaches nothing; its one button is a link that the window understands.
 */
import { readFileSync } from 'node:fs';
import type { WindowsWords } from '../../strings/en/windows.ts';

export type Notice =
  | { readonly kind: 'starting' }
  | { readonly kind: 'restarting' | 'gaveUp'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'crashed'; readonly outOfMemory: boolean };

/** Where the button leads: no scheme that any system opens. */
export const NOTICE_ACTION = 'stoker-notice:act';

const PREFIX = 'data:text/html;charset=utf-8;base64,';

export const isNotice = (address: string): boolean => address.startsWith(PREFIX);

/** @param template the text of notice.html. @returns an address to load */
export function noticeAddress(template: string, notice: Notice, words: WindowsWords): string {
  const own = words.notice[notice.kind];
  const values: Readonly<Record<string, string>> = {
    language: words.language,
    kind: notice.kind,
    title: own.title,
    message: notice.kind === 'crashed' && notice.outOfMemory ? words.notice.crashed.outOfMemory : own.message,
    detailsTitle: words.notice.details,
    details: 'reason' in notice ? notice.reason : '',
    action: 'action' in own ? own.action : '',
    actionAddress: NOTICE_ACTION,
  };
  const page = template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => escaped(values[name] ?? ''));
  return PREFIX + Buffer.from(page, 'utf8').toString('base64');
}

export const readNoticeTemplate = (file: string): string => readFileSync(file, 'utf8');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
