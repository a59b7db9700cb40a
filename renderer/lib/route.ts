/** The four pages and their addresses. */

export const PAGES = ['overview', 'logs', 'settings', 'doctor'] as const;
export type Page = (typeof PAGES)[number];

const PATHS: Record<Page, string> = {
  overview: '/manager',
  logs: '/manager/logs',
  settings: '/manager/settings',
  doctor: '/manager/doctor',
};

export const pathOf = (page: Page): string => PATHS[page];

/** A trailing slash is the same page; null for an address that is none of ours. */
export function pageOf(path: string): Page | null {
  const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
  return PAGES.find((page) => PATHS[page] === plain) ?? null;
}
