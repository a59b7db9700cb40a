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
import type { Journal } from '../jobs/journal.ts';
import type { PageStore } from '../page-store/page-store.ts';
import { AppError, toAppError } from '../platform/app-error.ts';
import { assertNever } from '../platform/assert-never.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyAddress, Supervisor } from '../supervisor/supervisor.ts';
import { type Activity, classify } from './activity.ts';
import { rewriteAnswer } from './answer-rewrite.ts';
import { asleepAnswer } from './asleep-answers.ts';
import { decideWhileAsleep } from './asleep-decision.ts';
import { createBodyBuffers } from './body-buffers.ts';
import { isNavigation, isPrefetch } from './browser-request.ts';
import type { Destination } from './comfy-route.ts';
import { sendError, sendJson } from './error-answer.ts';
import { createHold } from './hold.ts';
import { type CardLent, sendLentPage } from './lent-page.ts';
import { createPageDesk } from './page-desk.ts';
import { answerPageScript, EXTENSION_LIST, type PageScript, wholeAnswerFields, withEntry } from './page-script.ts';
import { Pass, type PassDeps } from './pass.ts';
import { createPassWatch } from './pass-watch.ts';
import { createPromptDesk, fitsTheDesk, type Parcel } from './prompt-desk.ts';
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
  /** Prompts are written down here before ComfyUI hears of them. */
  readonly journal: Journal;
  /** Resolves when the prompts that wait for ComfyUI are in its queue. */
  readonly promptsHandedOver: () => Promise<void>;
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
  /** Its body, where that was read already. */
  readonly parcel: Parcel | null;
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
  const { settings, supervisor, meter, queue, pageScript, clock, log } = deps;
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
      await page.ready();
    },
    refuse: (request, response, error, retryAfterSeconds) => sendError(request, response, error, { retryAfterSeconds }),
  });
  const desk = createPromptDesk({
    journal: deps.journal,
    meter,
    hold,
    address: () => page.openAddress(),
    isCardLent: () => deps.cardLent() !== null,
    handedOver: deps.promptsHandedOver,
    log,
  });
  const page = createPageDesk({
    store: deps.pageStore,
    settings,
    supervisor,
    isCardLent: () => deps.cardLent() !== null,
    meter,
    hold,
    wake,
    clock,
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
      parcel: null,
    };
    if (isNewPrompt(visit) && fitsTheDesk(framing)) {
      const send = (to: ComfyAddress, parcel: Parcel): void => pass({ ...visit, parcel }, to);
      desk.takePrompt({ request, response, pass: send }).catch((error: unknown) => failed(visit, error));
      return;
    }
    if (!page.answer(visit, () => answer(visit))) answer(visit);
  }

  function answer(visit: Visit): void {
    const address = page.openAddress();
    const lent = deps.cardLent();
    if (isDeletion(visit)) noteDeletion(visit).catch((error: unknown) => failed(visit, error));
    else if (lent !== null && address === null && visit.activity === 'wakes') answerLent(visit, lent);
    else if (address === null) answerAsleep(visit);
    else pass(visit, address);
  }

  async function noteDeletion(visit: Visit): Promise<void> {
    const body = await desk.noteDeletion(visit.request, visit.response);
    if (body === null) return;
    const address = page.openAddress();
    const withBody: Visit = { ...visit, parcel: { body, deps: {} } };
    if (address === null) answerAsleep(withBody);
    else pass(withBody, address);
  }

  function failed({ request, response }: Visit, error: unknown): void {
    log.error({ err: error }, 'a prompt failed in the gateway');
    sendError(request, response, toAppError(error));
  }

  function answerLent({ request, response, destination }: Visit, lent: CardLent): void {
    const retryAfterSeconds = lent.backAt === null ? null : Math.max(1, Math.ceil((lent.backAt - clock.now()) / 1000));
    const isPage = isNavigation(request.method ?? 'GET', request.headers) && !destination.isApi;
    if (isPage) sendLentPage(response, lent, retryAfterSeconds);
    else sendError(request, response, lent.error, retryAfterSeconds === null ? {} : { retryAfterSeconds });
  }

  function pass(visit: Visit, address: ComfyAddress): void {
    const { request, response, destination, activity, parcel } = visit;
    const framing: RequestFraming =
      parcel === null ? visit.framing : { kind: 'length', bytes: String(parcel.body.length) };
    const { host, passDeps, queuePassDeps, listPassDeps } = upstreamOf(address);
    const method = request.method ?? 'GET';
    const asksForList = destination.route === EXTENSION_LIST && pageScript !== null && isPlainRead(request);
    const facts: RequestHeadFacts = {
      method,
      target: destination.target,
      rawHeaders: asksForList
        ? wholeAnswerFields(request.rawHeaders)
        : parcel === null
          ? request.rawHeaders
          : withoutExpect(request.rawHeaders),
      connection: request.headers.connection,
      framing,
    };
    const head = requestHead(facts, host, deps.tokenFilter());
    const changesQueue = method === 'POST' && QUEUE_ROUTES.has(destination.route);
    if (changesQueue) queue.expectChange();
    if (RESTART_ROUTES.has(destination.route)) deps.sockets.expectRestart();
    const chosenDeps = changesQueue ? queuePassDeps : asksForList ? listPassDeps : passDeps;
    const onOver = (over: Pass): void => {
      chosenDeps.onOver(over);
      parcel?.deps.onOver?.(over);
    };
    const parcelDeps = parcel === null ? chosenDeps : { ...chosenDeps, ...parcel.deps, onOver };
    const passing = new Pass(
      request,
      response,
      head,
      framing,
      activity,
      page.heard(visit, parcelDeps),
      parcel?.body ?? null,
    );
    watch.add(passing);
    passing.start();
  }

  function refuse(request: IncomingMessage, response: ServerResponse, error: AppError): void {
    log.warn({ code: error.code, method: request.method, path: request.url?.split('?')[0] }, error.message);
    sendError(request, response, error);
  }

  function answerAsleep(visit: Visit): void {
    const { request, response, destination } = visit;
    const activity = page.letsSleep(visit) ? 'neutral' : visit.activity;
    if (activity !== 'neutral') meter.touch();
    const decision = decideWhileAsleep({
      activity,
      isNavigation: isNavigation(request.method ?? 'GET', request.headers),
      route: destination.route,
      isApi: destination.isApi,
      heldRequests: hold.count(),
    });
    // What wakes a sleeping ComfyUI is what a person will want to know.
    if ((decision === 'hold' || decision === 'wakingPage') && supervisor.state().kind === 'stopped') {
      log.info({ method: request.method, path: destination.route }, 'a request wakes ComfyUI');
    }
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
    const answer = asleepAnswer(
      { method: request.method ?? 'GET', route, target },
      queue.lastKnownHistory(),
      deps.journal.keptItems,
    );
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
      page.close();
      hold.close();
      upstream?.pool.close();
    },
  };
}

const isPlainRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const isDeletion = ({ request, destination }: Visit): boolean =>
  request.method === 'POST' && destination.route === '/queue';

/** The word before the body was ours to give. */
const withoutExpect = (rawHeaders: readonly string[]): string[] =>
  rawHeaders.filter((_, at) => rawHeaders[at - (at % 2)]?.toLowerCase() !== 'expect');

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
