/** The pages and their addresses. */
import type { Page } from '../../strings/vocabulary.ts';

/** A page of one job is named by the job; all others have one address each. */
export type PlainPage = Exclude<Page, 'job'>;

const PATHS: Record<PlainPage, string> = {
  overview: '/manager',
  queue: '/manager/queue',
  gallery: '/manager/gallery',
  targets: '/manager/targets',
  logs: '/manager/logs',
  settings: '/manager/settings',
  doctor: '/manager/doctor',
  welcome: '/manager/welcome',
};
/** Bookmarks and older documents name it so. */
const FORMER_TARGETS_PATH = '/manager/endpoints';
const JOB_PATH = /^\/manager\/jobs\/([^/]+)\/*$/;

/** Those that the header leads to; the guide is opened from where it is wanted. On a narrow page the second group is in a menu. */
export const PAGE_GROUPS = [
  ['overview', 'queue', 'gallery', 'targets'],
  ['logs', 'settings', 'doctor'],
] as const satisfies readonly (readonly PlainPage[])[];

export const pathOf = (page: PlainPage): string => PATHS[page];
export const jobPathOf = (id: string): string => `/manager/jobs/${encodeURIComponent(id)}`;

/** Null for the address of another page. */
export function jobIdOf(path: string): string | null {
  const written = JOB_PATH.exec(path)?.[1];
  try {
    return written === undefined ? null : decodeURIComponent(written);
  } catch {
    return null;
  }
}

/** A trailing slash is the same page; null for an address that is none of ours. */
export function pageOf(path: string): Page | null {
  if (jobIdOf(path) !== null) return 'job';
  const plain = path.length > 1 ? path.replace(/\/+$/, '') : path;
  if (plain === FORMER_TARGETS_PATH) return 'targets';
  const known = Object.entries(PATHS).find(([, address]) => address === plain);
  return known === undefined ? null : (known[0] as PlainPage);
}
