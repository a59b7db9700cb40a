/** The real gateway on a free port, over a supervisor that the test moves and whatever stands in for ComfyUI. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Settings, SettingsSchema } from '../../contract/settings.ts';
import type { StartReason, SupervisorState } from '../../contract/supervisor-state.ts';
import { createGatekeeper } from '../../engine/gateway/gatekeeper.ts';
import { createGateway, type Gateway } from '../../engine/gateway/gateway.ts';
import type { CardLent } from '../../engine/gateway/lent-page.ts';
import type { PageScript } from '../../engine/gateway/page-script.ts';
import { type ActivityMeter, createActivityMeter } from '../../engine/idle/activity-meter.ts';
import type { Journal } from '../../engine/jobs/journal.ts';
import type { AppError } from '../../engine/platform/app-error.ts';
import { type Clock, systemClock } from '../../engine/platform/clock.ts';
import { silentLog } from '../../engine/platform/log.ts';
import type { ComfyAddress } from '../../engine/supervisor/supervisor.ts';
import type { ManualClock } from './manual-clock.ts';
import { NO_JOURNAL } from './no-journal.ts';
import { connectRaw, type RawPeer } from './raw-peer.ts';
import { type RawUpstream, startRawUpstream } from './raw-upstream.ts';
import { until } from './until.ts';

export interface GatewayHostOptions {
  /** By default one is awake on a raw upstream of its own. */
  readonly upstreamPort?: number;
  readonly asleep?: boolean;
  readonly network?: Record<string, unknown>;
  readonly idle?: Record<string, unknown>;
  readonly clock?: Clock;
  readonly history?: Record<string, unknown>;
  readonly manager?: (request: IncomingMessage, response: ServerResponse) => void;
  readonly readyBarrier?: () => Promise<void>;
  readonly expectedStartSeconds?: number | null;
  readonly pageScript?: PageScript;
  /** By default nothing is written down. */
  readonly journal?: Journal;
  readonly cardLent?: () => CardLent | null;
}

/** A supervisor without a process. */
export interface StagedSupervisor {
  /** Why it was asked to run, in order. */
  readonly asked: StartReason[];
  /** Those that wait for it. */
  waiting(): number;
  /** ComfyUI answers now, on the upstream's port. */
  wake(): void;
  sleep(): void;
  be(state: SupervisorState): void;
  /** Everybody who waits is told why it did not start. */
  fail(error: AppError): void;
}

export interface GatewayHost {
  readonly gateway: Gateway;
  readonly port: number;
  readonly url: string;
  /** What stands in for ComfyUI; unused when `upstreamPort` was given. */
  readonly upstream: RawUpstream;
  readonly supervisor: StagedSupervisor;
  readonly meter: ActivityMeter;
  /** How often the queue watch was told that the queue changes. */
  queueDoubts(): number;
  restartsExpected(): number;
  /** Sockets handed over for an upgrade. */
  readonly upgrades: IncomingMessage[];
  changeNetwork(values: Record<string, unknown>): void;
  /** A client connection by hand. */
  connect(): RawPeer;
  /** A request by hand: start line and fields without Host, then the body. Host is added. */
  send(startLine: string, fields?: string, body?: string): RawPeer;
  close(): Promise<void>;
}

const hosts = new Set<GatewayHost>();

/** Ends what is left; call it in `afterEach`. */
export async function closeGatewayHosts(): Promise<void> {
  await Promise.all([...hosts].map((host) => host.close()));
}

export async function startGatewayHost(options: GatewayHostOptions = {}): Promise<GatewayHost> {
  const upstream = await startRawUpstream();
  const clock = options.clock ?? systemClock;
  let settings: Settings = SettingsSchema.parse({
    network: { port: 0, ...options.network },
    idle: options.idle ?? {},
  });
  const upstreamPort = options.upstreamPort ?? upstream.port;
  const staged = stageSupervisor(upstreamPort, options.asleep === true, options.expectedStartSeconds ?? null);
  const meter = createActivityMeter(clock);
  const upgrades: IncomingMessage[] = [];
  const peers = new Set<RawPeer>();
  let queueDoubts = 0;
  let restartsExpected = 0;

  const gateway = createGateway({
    cardLent: () => options.cardLent?.() ?? null,
    journal: options.journal ?? NO_JOURNAL,
    promptsHandedOver: async () => undefined,
    pageScript: options.pageScript ?? null,
    pageStore: null,
    settings: () => settings,
    supervisor: staged.supervisor,
    meter,
    queue: {
      expectChange() {
        queueDoubts += 1;
      },
      lastKnownHistory: () => options.history ?? {},
    },
    manager: options.manager ?? ((_request, response) => response.writeHead(200).end('manager')),
    sockets: {
      handleUpgrade(request: IncomingMessage, socket: Duplex) {
        upgrades.push(request);
        socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      },
      readyBarrier: options.readyBarrier ?? (() => Promise.resolve()),
      expectRestart() {
        restartsExpected += 1;
      },
    },
    gatekeeper: createGatekeeper({ settings: () => settings, clock }),
    clock,
    log: silentLog(),
  });
  const { port, url } = await gateway.listen();

  const host: GatewayHost = {
    gateway,
    port,
    url,
    upstream,
    supervisor: staged.control,
    meter,
    upgrades,
    queueDoubts: () => queueDoubts,
    restartsExpected: () => restartsExpected,
    changeNetwork(values) {
      settings = { ...settings, network: { ...settings.network, ...values } };
    },
    connect() {
      const peer = connectRaw(port);
      peers.add(peer);
      return peer;
    },
    send(startLine, fields = '', body = '') {
      const peer = host.connect();
      peer.write(`${startLine}\r\nHost: 127.0.0.1:${port}\r\n${fields}\r\n${body}`);
      return peer;
    },
    async close() {
      hosts.delete(host);
      for (const peer of peers) peer.socket.destroy();
      await upstream.close();
      const closing = gateway.close();
      if (isManual(clock)) await clock.advance(60_000);
      await closing;
    },
  };
  hosts.add(host);
  return host;
}

const isManual = (clock: Clock): clock is ManualClock => 'advance' in clock;

function stageSupervisor(port: number, asleep: boolean, expectedStartSeconds: number | null) {
  let generation = 1;
  const addressNow = (): ComfyAddress => ({ host: '127.0.0.1', port, pid: 1, generation });
  let address: ComfyAddress | null = asleep ? null : addressNow();
  let state: SupervisorState = asleep ? { kind: 'stopped', since: 0, reason: 'idle' } : running(port);
  const waiting = new Set<{ answer: (address: ComfyAddress) => void; refuse: (error: unknown) => void }>();
  const asked: StartReason[] = [];

  const control: StagedSupervisor = {
    asked,
    waiting: () => waiting.size,
    wake() {
      generation += 1;
      address = addressNow();
      state = running(port);
      for (const { answer } of waiting) answer(address);
      waiting.clear();
    },
    sleep() {
      address = null;
      state = { kind: 'stopped', since: 0, reason: 'idle' };
    },
    be(next) {
      address = null;
      state = next;
    },
    fail(error) {
      for (const { refuse } of waiting) refuse(error);
      waiting.clear();
    },
  };
  const supervisor = {
    state: () => state,
    address: () => address,
    expectedStartSeconds: () => expectedStartSeconds,
    ensureRunning(reason: StartReason, { signal }: { readonly signal?: AbortSignal } = {}): Promise<ComfyAddress> {
      asked.push(reason);
      if (address !== null) return Promise.resolve(address);
      return new Promise((answer, refuse) => {
        const entry = { answer, refuse };
        waiting.add(entry);
        signal?.addEventListener('abort', () => {
          waiting.delete(entry);
          refuse(new Error('the caller has gone'));
        });
      });
    },
  };
  return { control, supervisor };
}

const running = (port: number): SupervisorState => ({
  kind: 'running',
  pid: 1,
  port,
  since: 0,
  reason: 'request',
  withoutCustomNodes: false,
});

/** Waits until the gateway holds so many requests. */
export const untilHeld = (host: GatewayHost, count: number): Promise<void> =>
  until(() => host.gateway.heldRequests() === count);
