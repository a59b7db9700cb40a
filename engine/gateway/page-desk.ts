/**
 * Where the gateway asks the kept page: what it may answer in ComfyUI's place, what it hears of ComfyUI's answers, and what must
 * reach a woken ComfyUI before anything else. Keeps nothing itself.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../../contract/settings.ts';
import type { ActivityMeter } from '../idle/activity-meter.ts';
import { keptName, type PageQuestion } from '../page-store/kept-routes.ts';
import type { PageStore } from '../page-store/page-store.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { ComfyAddress, Supervisor } from '../supervisor/supervisor.ts';
import type { Activity } from './activity.ts';
import { copyAnswer } from './answer-copy.ts';
import { isNavigation } from './browser-request.ts';
import type { Destination } from './comfy-route.ts';
import type { Hold } from './hold.ts';
import type { PassDeps } from './pass.ts';

/** A request that was let in. */
export interface PageVisit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly destination: Extract<Destination, { kind: 'comfyui' }>;
  readonly activity: Activity;
}

export interface PageDesk {
  /** Where ComfyUI answers; null also while something that was saved must reach it first: everybody is held that long. */
  openAddress(): ComfyAddress | null;
  /** @returns false when somebody else must answer; else `otherwise` is called where what is kept turns out to be damaged */
  answer(visit: PageVisit, otherwise: () => void): boolean;
  /** A custom node's script asks for something that is not kept, and looking at the page is not to wake ComfyUI. */
  letsSleep(visit: PageVisit): boolean;
  /** Resolves when everything that was saved has reached ComfyUI. */
  ready(): Promise<void>;
  /** Lets the store hear the answer. */
  heard(visit: PageVisit, deps: PassDeps): PassDeps;
  close(): void;
}

export interface PageDeskDeps {
  /** Null keeps no page. */
  readonly store: PageStore | null;
  readonly settings: () => Settings;
  readonly supervisor: Pick<Supervisor, 'address' | 'state'>;
  readonly isCardLent: () => boolean;
  readonly meter: Pick<ActivityMeter, 'touch'>;
  readonly hold: Pick<Hold, 'wait'>;
  /** Starts ComfyUI; nobody waits for it. */
  readonly wake: () => void;
  readonly clock: Clock;
}

/** The page comes first: a ComfyUI that starts takes the processors it opens with. When it has its nodes it needs them a moment longer. */
const WAKE_AFTER_NODES_MS = 1000;
/** Whoever looks at the page and does not ask for nodes is no browser. */
const WAKE_AT_LATEST_MS = 5000;

export function createPageDesk(deps: PageDeskDeps): PageDesk {
  const { store, settings, supervisor, isCardLent, meter, hold, clock } = deps;
  let planned: { readonly at: number; readonly cancel: CancelTimer } | null = null;

  /** Sooner than planned, never later. */
  function wakeWithin(delayMs: number): void {
    const at = clock.monotonic() + delayMs;
    if (planned !== null && planned.at <= at) return;
    planned?.cancel();
    const cancel = clock.after(delayMs, () => {
      planned = null;
      deps.wake();
    });
    planned = { at, cancel };
  }

  const openAddress = (): ComfyAddress | null => (store?.isReplaying() === true ? null : supervisor.address());

  return {
    openAddress,
    answer(visit, otherwise) {
      const { request, response, destination, activity } = visit;
      if (store === null) return false;
      if (openAddress() !== null) {
        const isTaken = store.answerAwake(questionOf(visit), request, response, otherwise);
        if (isTaken && activity !== 'neutral') meter.touch();
        return isTaken;
      }
      const isPage = destination.route === '/' && isOpened(visit);
      // The card is lent, ComfyUI does not start, or the dashboard is wanted: that is what a person must see. Who wants ComfyUI left asleep
      // works elsewhere, and sees in the page that it failed.
      const hasFailed = supervisor.state().kind === 'failed' && settings().page.openingWakes;
      if (isPage && (isCardLent() || hasFailed || activity === 'counts')) return false;
      const isTaken = store.answer(questionOf(visit), request, response, otherwise, (deliver) =>
        hold.wait(request, response, deliver),
      );
      if (!isTaken) return false;
      if (isPage) meter.touch();
      if (settings().idle.everyRequestCounts) deps.wake();
      else if (isPage && settings().page.openingWakes) wakeWithin(WAKE_AT_LATEST_MS);
      else if (destination.route === '/object_info' && planned !== null) wakeWithin(WAKE_AFTER_NODES_MS);
      return true;
    },
    letsSleep(visit) {
      const { page, idle } = settings();
      if (store?.isReady() !== true || page.openingWakes || idle.everyRequestCounts) return false;
      const { route } = visit.destination;
      // The page cannot do without its own answers, and a picture is worth it; thumbnails and what custom nodes ask for are not.
      if (keptName(questionOf(visit)) !== null && !/^\/(?:templates|docs)\//.test(route)) return false;
      return visit.request.method === 'GET' && !isOpened(visit) && route !== '/view' && !route.startsWith('/view/');
    },
    ready: async () => store?.replayed(),
    heard(visit, passDeps) {
      const listener = store?.listenerFor(questionOf(visit), visit.request) ?? null;
      if (listener === null) return passDeps;
      return { ...passDeps, through: (pass) => copyAnswer(passDeps.through?.(pass) ?? pass, listener) };
    },
    close: () => planned?.cancel(),
  };
}

const isOpened = ({ request }: PageVisit): boolean => isNavigation(request.method ?? 'GET', request.headers);

function questionOf({ request, destination }: PageVisit): PageQuestion {
  const { route, target, isApi } = destination;
  const user = request.headers['comfy-user'];
  return { route, target, isApi, user: typeof user === 'string' ? user : '' };
}
