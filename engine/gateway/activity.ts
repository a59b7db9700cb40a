/**
 * What a request means for sleeping: does it wake ComfyUI, does it only keep it awake, or neither? Pure; the table below is
 * held by tests/unit/engine/gateway/activity.test.ts. An open page and a monitor ask on and on: that is no work.
 *
 * | request (with or without `/api`, also below `/comfyui`)               | asleep        | awake  | verdict |
 * |------------------------------------------------------------------------|---------------|--------|---------|
 * | opening a page                                                         | wakes         | counts | wakes   |
 * | POST, PUT, PATCH, DELETE: prompt, upload, settings, user data, …       | wakes         | counts | wakes   |
 * | node catalogue, pictures, models, assets, every other GET              | wakes         | counts | wakes   |
 * | POST /interrupt, POST /queue: there is nothing to stop while it sleeps | answered      | counts | counts  |
 * | WebSocket                                                              | stays open    | –      | neutral |
 * | GET /queue, /prompt, /history, /system_stats, /features, /jobs, logs   | last known    | –      | neutral |
 * | POST /free: asleep, everything is free                                 | answered      | –      | neutral |
 * | HEAD, OPTIONS                                                          | 503           | –      | neutral |
 * | what browsers fetch unasked: prefetch, /favicon.ico, /.well-known/…    | 503           | –      | neutral |
 * | opening `/` when `network.whenAsleepShow` is `dashboard`               | the dashboard | counts | counts  |
 *
 * With `idle.everyRequestCounts` everything wakes but the last row.
 *
 * What the kept page answers (page-desk.ts) never comes this far: opening it wakes in the background, reads of what is kept do not.
 */
import type { Settings } from '../../contract/settings.ts';

/** `wakes` counts too. `counts` keeps ComfyUI awake and never starts it. */
export type Activity = 'wakes' | 'counts' | 'neutral';

export interface RequestFacts {
  readonly method: string;
  /** Path without query, `/comfyui` and `/api`. */
  readonly route: string;
  /** A person opens it in a browser tab. */
  readonly isNavigation: boolean;
  /** The browser fetches it in case it is needed. */
  readonly isPrefetch: boolean;
  readonly isUpgrade: boolean;
}

export type ActivitySettings = {
  readonly idle: Pick<Settings['idle'], 'everyRequestCounts'>;
  readonly network: Pick<Settings['network'], 'whenAsleepShow'>;
};

export function classify(request: RequestFacts, settings: ActivitySettings): Activity {
  const { method, route } = request;
  if (isHomePage(request) && settings.network.whenAsleepShow === 'dashboard') return 'counts';
  if (settings.idle.everyRequestCounts) return 'wakes';
  if (request.isUpgrade || request.isPrefetch || method === 'HEAD' || method === 'OPTIONS') return 'neutral';
  if (method === 'GET') return isRepeatedRead(route) || isBrowserChore(route) ? 'neutral' : 'wakes';
  if (route === '/free' || isBelow(route, '/internal/logs')) return 'neutral';
  if (method === 'POST' && (route === '/interrupt' || route === '/queue')) return 'counts';
  return 'wakes';
}

/** What a reconnecting tab, a tray or a dashboard reads every few seconds. */
function isRepeatedRead(route: string): boolean {
  return (
    REPEATED_READS.has(route) ||
    route.startsWith('/history/') ||
    route.startsWith('/jobs/') ||
    isBelow(route, '/internal/logs')
  );
}

const REPEATED_READS: ReadonlySet<string> = new Set([
  '/queue',
  '/prompt',
  '/history',
  '/system_stats',
  '/features',
  '/jobs',
  '/ws',
]);

/** A visit to the dashboard makes the browser ask for these too. */
function isBrowserChore(route: string): boolean {
  return (
    route === '/favicon.ico' ||
    route === '/robots.txt' ||
    route.startsWith('/apple-touch-icon') ||
    isBelow(route, '/.well-known')
  );
}

const isHomePage = ({ method, route, isNavigation }: RequestFacts): boolean =>
  isNavigation && method === 'GET' && route === '/';

const isBelow = (route: string, tree: string): boolean =>
  route.startsWith(tree) && (route.length === tree.length || route.charAt(tree.length) === '/');
