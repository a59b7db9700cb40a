/**
 * Everything that is ComfyUI's own: passed on while it runs; while it does not, held, shown the waking page, or told what is
 * true. Access has been decided before; WebSockets are not here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { MANAGER_PREFIX } from '../../contract/manager-api.ts';
import type { Settings } from '../../contract/settings.ts';
import { urlHost } from '../comfyui/client.ts';
import type { QueueWatch } from '../comfyui/queue-watch.ts';
import type { ActivityMeter } from '../idle/activity-meter.ts';
import type { PageQuestion } from '../page-store/kept-routes.ts';
import type { PageStore } from '../page-store/page-store.ts';
import type { WhenAwake } from '../page-store/write-desk.ts';
import { AppError } from '../platform/app-error.ts';
import { assertNever } from '../platform/assert-never.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyAddress, Supervisor } from '../supervisor/supervisor.ts';
import { type Activity, classify } from './activity.ts';
import { copyAnswer } from './answer-copy.ts';
import { rewriteAnswer } from './answer-rewrite.ts';
import { asleepAnswer } from './asleep-answers.ts';
import { decideWhileAsleep } from './asleep-decision.ts';
import { createBodyBuffers } from './body-buffers.ts';
import { isNavigation, isPrefetch } from './browser-request.ts';
import type { Destination } from './comfy-route.ts';
import { sendError, sendJson } from './error-answer.ts';
import { createHold } from './hold.ts';
import { type CardLent, sendLentPage } from './lent-page.ts';
import { answerPageScript, EXTENSION_LIST, type PageScript, wholeAnswerFields, withEntry } from './page-script.ts';
import { Pass, type PassDeps } from './pass.ts';
import { createPassWatch } from './pass-watch.ts';
import { type RequestFraming, requestFraming } from './request-framing.ts';
import { type RequestHeadFacts, requestHead, type TokenFilter } from './request-head.ts';
import { READ_BYTES } from './upstream-connection.ts';
import { createUpstreamPool, type UpstreamPool } from './upstream-pool.ts';
import { sendWakingPage, wakingSnapshot } from './waking-page.ts';

export interface DataPlaneDeps {
  readonly settings: () => Settings;
  readonly supervisor: Pick<Supervisor, 'state' | 'address' | 'ensureRunning' | 'expectedStartSeconds'>;
  readonly meter: ActivityMeter;
  readonly queue: Pick<QueueWatch, 'expectChange' | 'lastKnownHistory'>;
  readonly sockets: {
    readyBarrier(): Promise<void>;
    /** A page has asked ComfyUI to restart itself. */
    expectRestart(): void;
  };
  readonly tokenFilter: () => TokenFilter | null;
  /** Nobody but the user may wake ComfyUI meanwhile, and it takes no more prompts. */
  readonly cardLent: () => CardLent | null;
  /** Added to ComfyUI's page. */
  readonly pageScript: PageScript | null;
  /** ComfyUI's page as it is kept; null keeps none. */
  readonly pageStore: PageStore | null;
  readonly clock: Clock;
  readonly log: Log;
}

export type ComfyDestination = Extract<Destination, { kind: 'comfyui' }>;

export interface DataPlane {
  handle(request: IncomingMessage, response: ServerResponse, destination: ComfyDestination): void;
  heldRequests(): number;
  /** Requests on their way to ComfyUI and back. */
  passing(): number;
  /** A request of this connection is on its way. */
  isAnswering(socket: Duplex): boolean;
  close(): void;
}

/** One request that was let in. */
interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly destination: ComfyDestination;
  readonly framing: RequestFraming;
  readonly activity: Activity;
  /** What the page's store is asked for it. */
  readonly question: PageQuestion;
}

/** What belongs to one run of ComfyUI. */
interface Upstream {
  readonly address: ComfyAddress;
  /** As its Host field says it. */
  readonly host: string;
  readonly pool: UpstreamPool;
  readonly passDeps: PassDeps;
  readonly queuePassDeps: PassDeps;
  readonly listPassDeps: PassDeps;
}

/** POST to one of these changes what ComfyUI works on. */
const QUEUE_ROUTES: ReadonlySet<string> = new Set(['/prompt', '/queue', '/interrupt', '/history']);
/** ComfyUI-Manager's restart, in both its versions. */
const RESTART_ROUTES: ReadonlySet<string> = new Set(['/manager/reboot', '/v2/manager/reboot']);
const ASLEEP_RETRY_SECONDS = 15;

export function createDataPlane(deps: DataPlaneDeps): DataPlane {
  const { settings, supervisor, meter, queue, pageScript, pageStore, clock, log } = deps;
  const buffers = createBodyBuffers(READ_BYTES);
  const watch = createPassWatch({
    clock,
    meter,
    silenceTimeoutSeconds: () => settings().network.silenceTimeoutSeconds,
  });
  const hold = createHold({
    supervisor,
    meter,
    async socketsReady() {
      await deps.sockets.readyBarrier();
      await pageStore?.replayed();
    },
    refuse: (request, response, error, retryAfterSeconds) => sendError(request, response, error, { retryAfterSeconds }),
  });
  let upstream: Upstream | null = null;

  function upstreamOf(address: ComfyAddress): Upstream {
    if (upstream?.address.generation === address.generation && upstream.address.port === address.port) return upstream;
    upstream?.pool.close();
    const pool = createUpstreamPool(address.host, address.port, clock);
    const passDeps: PassDeps = { pool, buffers, clock, refuse, onOver: watch.remove };
    const queuePassDeps: PassDeps = {
      ...passDeps,
      onOver(passing) {
        queue.expectChange();
        watch.remove(passing);
      },
    };
    const listPassDeps: PassDeps = {
      ...passDeps,
      ...(pageScript === null
        ? {}
        : { through: (passing) => rewriteAnswer(passing, (list) => withEntry(list, pageScript.path)) }),
    };
    upstream = {
      address,
      host: `${urlHost(address.host)}:${address.port}`,
      pool,
      passDeps,
      queuePassDeps,
      listPassDeps,
    };
    return upstream;
  }

  function handle(request: IncomingMessage, response: ServerResponse, destination: ComfyDestination): void {
    const framing = requestFraming({
      httpVersion: request.httpVersion,
      contentLength: request.headers['content-length'],
      transferEncoding: request.headers['transfer-encoding'],
    });
    if (framing instanceof AppError) {
      // Where the next request would begin is anybody's guess.
      response.shouldKeepAlive = false;
      sendError(request, response, framing);
      return;
    }
    if (pageScript !== null && destination.route === pageScript.path && isPlainRead(request)) {
      answerPageScript(request, response, pageScript);
      return;
    }
    const visit: Visit = {
      request,
      response,
      destination,
      framing,
      activity: activityOf(request, destination, settings()),
      question: { ...destination, user: userOf(request) },
    };
    if (!answerFromStore(visit)) answer(visit);
  }

  /** Null also while something that was saved must reach it first: everybody else is held that long. */
  const openAddress = (): ComfyAddress | null => (pageStore?.isReplaying() === true ? null : supervisor.address());

  function answer(visit: Visit): void {
    const address = openAddress();
    const lent = deps.cardLent();
    if (lent !== null && (address === null ? visit.activity === 'wakes' : isNewPrompt(visit))) answerLent(visit, lent);
    else if (address === null) answerAsleep(visit);
    else pass(visit, address);
  }

  /** @returns false when somebody else must answer */
  function answerFromStore(visit: Visit): boolean {
    const { request, response, destination, activity, question } = visit;
    if (pageStore === null || openAddress() !== null) return false;
    const isPage = isNavigation(request.method ?? 'GET', request.headers) && destination.route === '/';
    // The card is lent, ComfyUI does not start, or the dashboard is wanted: that is what a person must see.
    const mustSee = deps.cardLent() !== null || supervisor.state().kind === 'failed' || activity === 'counts';
    if (isPage && mustSee) return false;
    const otherwise = (): void => answer(visit);
    const whenAwake: WhenAwake = (deliver) => hold.wait(request, response, deliver);
    if (!pageStore.answer(question, request, response, otherwise, whenAwake)) return false;
    if (isPage) meter.touch();
    if ((isPage && settings().page.openingWakes) || settings().idle.everyRequestCounts) wake();
    return true;
  }

  function answerLent({ request, response, destination }: Visit, lent: CardLent): void {
    const retryAfterSeconds = lent.backAt === null ? null : Math.max(1, Math.ceil((lent.backAt - clock.now()) / 1000));
    const isPage = isNavigation(request.method ?? 'GET', request.headers) && !destination.isApi;
    if (isPage) sendLentPage(response, lent, retryAfterSeconds);
    else sendError(request, response, lent.error, retryAfterSeconds === null ? {} : { retryAfterSeconds });
  }

  function pass({ request, response, destination, framing, activity, question }: Visit, address: ComfyAddress): void {
    const { host, passDeps, queuePassDeps, listPassDeps } = upstreamOf(address);
    const method = request.method ?? 'GET';
    const asksForList = destination.route === EXTENSION_LIST && pageScript !== null && isPlainRead(request);
    const facts: RequestHeadFacts = {
      method,
      target: destination.target,
      rawHeaders: asksForList ? wholeAnswerFields(request.rawHeaders) : request.rawHeaders,
      connection: request.headers.connection,
      framing,
    };
    const head = requestHead(facts, host, deps.tokenFilter());
    const changesQueue = method === 'POST' && QUEUE_ROUTES.has(destination.route);
    if (changesQueue) queue.expectChange();
    if (RESTART_ROUTES.has(destination.route)) deps.sockets.expectRestart();
    const chosenDeps = changesQueue ? queuePassDeps : asksForList ? listPassDeps : passDeps;
    const listener = pageStore?.listenerFor(question, request) ?? null;
    const heardDeps: PassDeps =
      listener === null
        ? chosenDeps
        : { ...chosenDeps, through: (pass) => copyAnswer(chosenDeps.through?.(pass) ?? pass, listener) };
    const passing = new Pass(request, response, head, framing, activity, heardDeps);
    watch.add(passing);
    passing.start();
  }

  function refuse(request: IncomingMessage, response: ServerResponse, error: AppError): void {
    log.warn({ code: error.code, method: request.method, path: request.url?.split('?')[0] }, error.message);
    sendError(request, response, error);
  }

  /** The open page asks for something that is not kept, and looking at the page is not to wake ComfyUI. A picture is worth it. */
  function staysAsleepFor({ request, destination }: Visit): boolean {
    const { page, idle } = settings();
    if (pageStore?.isReady() !== true || page.openingWakes || idle.everyRequestCounts) return false;
    const isRead = request.method === 'GET' && !isNavigation('GET', request.headers);
    return isRead && destination.route !== '/view' && !destination.route.startsWith('/view/');
  }

  function answerAsleep(visit: Visit): void {
    const { request, response, destination } = visit;
    const activity = staysAsleepFor(visit) ? 'neutral' : visit.activity;
    if (activity !== 'neutral') meter.touch();
    const decision = decideWhileAsleep({
      activity,
      isNavigation: isNavigation(request.method ?? 'GET', request.headers),
      route: destination.route,
      isApi: destination.isApi,
      heldRequests: hold.count(),
    });
    switch (decision) {
      case 'hold':
        hold.wait(request, response, (address) => pass(visit, address));
        return;
      case 'wakingPage':
        wake();
        showWakingPage(response);
        return;
      case 'dashboard':
        response.writeHead(302, { Location: MANAGER_PREFIX, 'Cache-Control': 'no-store', 'Content-Length': 0 }).end();
        return;
      case 'known':
        answerKnown(visit);
        return;
      default:
        assertNever(decision);
    }
  }

  function showWakingPage(response: ServerResponse): void {
    const expectedSeconds = supervisor.expectedStartSeconds();
    sendWakingPage(response, wakingSnapshot(supervisor.state(), expectedSeconds, clock.now()), expectedSeconds);
  }

  function wake(): void {
    // Whoever looks at the page learns of a failure there.
    supervisor.ensureRunning('request').catch((error: unknown) => {
      log.info({ error: String(error) }, 'a page that was opened could not wake ComfyUI');
    });
  }

  function answerKnown({ request, response, destination }: Visit): void {
    const { route, target } = destination;
    const answer = asleepAnswer({ method: request.method ?? 'GET', route, target }, queue.lastKnownHistory());
    if (answer !== null) {
      sendJson(response, 200, answer.json);
      return;
    }
    const error = new AppError('asleep', 'ComfyUI is asleep, and this request does not wake it.', {
      details: { state: supervisor.state().kind },
    });
    sendError(request, response, error, {
      retryAfterSeconds: supervisor.expectedStartSeconds() ?? ASLEEP_RETRY_SECONDS,
    });
  }

  return {
    handle,
    heldRequests: hold.count,
    passing: watch.count,
    isAnswering: (socket) => watch.some((pass) => pass.request.socket === socket),
    close() {
      hold.close();
      upstream?.pool.close();
    },
  };
}

const isPlainRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

function userOf({ headers }: IncomingMessage): string {
  const user = headers['comfy-user'];
  return typeof user === 'string' ? user : '';
}

const isNewPrompt = ({ request, destination }: Visit): boolean =>
  request.method === 'POST' && destination.route === '/prompt';

function activityOf(request: IncomingMessage, { route }: ComfyDestination, settings: Settings): Activity {
  const method = request.method ?? 'GET';
  return classify(
    {
      method,
      route,
      isNavigation: isNavigation(method, request.headers),
      isPrefetch: isPrefetch(request.headers),
      isUpgrade: false,
    },
    settings,
  );
}
