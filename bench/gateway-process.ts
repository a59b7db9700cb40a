/**
 * The real gateway in a process of its own, in front of whatever listens on the given port. Only the supervisor is played:
 * the bench says over IPC when ComfyUI sleeps and when it answers.
 */

import { SettingsSchema } from '../contract/settings.ts';
import type { SupervisorState } from '../contract/supervisor-state.ts';
import { createComfyClient } from '../engine/comfyui/client.ts';
import { createGatekeeper } from '../engine/gateway/gatekeeper.ts';
import { createGateway } from '../engine/gateway/gateway.ts';
import { createSocketRelay } from '../engine/gateway/websocket.ts';
import { createActivityMeter } from '../engine/idle/activity-meter.ts';
import { systemClock } from '../engine/platform/clock.ts';
import { createListeners } from '../engine/platform/listeners.ts';
import { silentLog } from '../engine/platform/log.ts';
import type { ComfyAddress, Transition } from '../engine/supervisor/supervisor.ts';
import { NO_JOURNAL } from '../tests/support/no-journal.ts';

/** What the bench tells this process. */
export type GatewayOrder = 'sleep' | 'wake';

const upstreamPort = Number(process.argv[2]);
const settings = SettingsSchema.parse({ network: { port: 0 } });
const transitions = createListeners<Transition>();
const log = silentLog();
let generation = 1;
let address: ComfyAddress | null = addressOf(generation);
let waiting: ((address: ComfyAddress) => void)[] = [];

function addressOf(run: number): ComfyAddress {
  return { host: '127.0.0.1', port: upstreamPort, pid: process.pid, generation: run };
}

function state(): SupervisorState {
  if (address === null) return { kind: 'stopped', since: 0, reason: 'idle' };
  return {
    kind: 'running',
    pid: address.pid,
    port: address.port,
    since: 0,
    reason: 'request',
    withoutCustomNodes: false,
  };
}

function become(next: ComfyAddress | null): void {
  const from = state();
  address = next;
  transitions.notify({ from, to: state(), at: Date.now(), message: '' });
  if (next === null) return;
  const answered = waiting;
  waiting = [];
  for (const answer of answered) answer(next);
}

const supervisor = {
  state,
  address: () => address,
  ensureRunning: () =>
    address === null ? new Promise<ComfyAddress>((resolve) => waiting.push(resolve)) : Promise.resolve(address),
  onTransition: transitions.add,
  expectedStartSeconds: () => null,
};

const gatekeeper = createGatekeeper({ settings: () => settings, clock: systemClock });
const sockets = createSocketRelay({
  preview: () => undefined,
  supervisor,
  authorize: () => null,
  tokenFilter: gatekeeper.tokenFilter,
  queue: { observe: () => undefined, nodeType: () => null },
  comfy: createComfyClient({ address: () => address, clock: systemClock }),
  maxSockets: () => settings.network.maxSockets,
  clock: systemClock,
  log,
});
const gateway = createGateway({
  pageScript: null,
  pageStore: null,
  cardLent: () => null,
  journal: NO_JOURNAL,
  promptsHandedOver: async () => undefined,
  settings: () => settings,
  supervisor,
  meter: createActivityMeter(systemClock),
  queue: { expectChange: () => undefined, lastKnownHistory: () => ({}) },
  manager: (_request, response) => response.writeHead(404).end(),
  sockets,
  gatekeeper,
  clock: systemClock,
  log,
});

process.on('message', (order: GatewayOrder) => {
  if (order === 'wake') {
    generation += 1;
    become(addressOf(generation));
  } else {
    become(null);
  }
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

const { port } = await gateway.listen();
process.send?.({ port });
console.log(`listening ${port}`);
