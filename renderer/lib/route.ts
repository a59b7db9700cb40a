/** The pages and their addresses. */
import type { Page } from '../../strings/vocabulary.ts';

const PATHS: Record<Page, string> = {
  overview: '/manager',
  gallery: '/manager/gallery',
  endpoints: '/manager/endpoints',
  logs: '/manager/logs',
  settings: '/manager/settings',
  doctor: '/manager/doctor',
  welcome: '/manager/welcome',
};

/** Those that the header leads to; the guide is opened from where it is wanted. */
export const PAGES = [
  'overview',
  'gallery',
  'endpoints',
  'logs',
  'settings',
  'doctor',
] as const satisfies readonly Page[];

export const pathOf = (page: Page): string => PATHS[page];

/** A trailing slash is the same page; null for an address that is none of ours. */
export function pageOf(path: string): Page | null {
  const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const known = Object.entries(PATHS).find(([, address]) => address === plain);
  return known === undefined ? null : (known[0] as Page);
}
