/**
 * Thousands of requests that no honest client sends, against the built engine in front of a running ComfyUI: nobody else may
 * notice, and nothing may stay. `npm run soak` (STOKER_SOAK_MALFORMED=10000; STOKER_SOAK_SEED repeats the plan of a run).
 */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { openTab } from '../support/comfy-tab.ts';
import { simulatorEntry } from '../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../support/engine-process.ts';
import { openDescriptors, residentMegabytes } from '../support/process-resources.ts';
import { connectRaw } from '../support/raw-peer.ts';
import { clientFrame, cutRawUpgrades, rawUpgrade } from '../support/raw-upgrade.ts';
import { type SeededRandom, seededRandom, soakSeed } from '../support/seeded-random.ts';
import { workflow } from '../support/workflows.ts';

const requests = Number(process.env.STOKER_SOAK_MALFORMED ?? 10_000);
const seed = soakSeed();
const AT_ONCE = 50;
/** quality.md. */
const MOST_GROWTH_MB = 20;
/** Connections that are kept for the next request, to ComfyUI and to the honest client. */
const DESCRIPTORS_THAT_MOVE = 20;
/** The engine closes a refused connection half a second after its answer; collected memory goes back when node finds time. */
const SETTLING_MS = 60_000;

type Malformed = (port: number, random: SeededRandom) => Promise<void>;

const host = 'Host: 127.0.0.1\r\n';

/** Sends, waits for the engine to end the connection, and cuts it when it does not. */
async function send(port: number, bytes: string | Buffer): Promise<void> {
  const peer = connectRaw(port);
  peer.write(bytes);
  await Promise.race([peer.ended(), delay(1000)]);
  await cut(peer.socket);
}

/** Ends with RST. */
async function cut(socket: Socket): Promise<void> {
  if (!socket.destroyed) socket.resetAndDestroy();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

async function sendAndReset(port: number, bytes: string | Buffer, afterMs: number): Promise<void> {
  const peer = connectRaw(port);
  peer.write(bytes);
  await delay(afterMs);
  await cut(peer.socket);
}

const kinds: readonly [Malformed, ...Malformed[]] = [
  async function garbage(port, random) {
    await send(port, Buffer.concat([random.bytes(random.between(1, 2000)), Buffer.from('\r\n\r\n')]));
  },
  async function almostHttp(port, random) {
    const head = Buffer.from(`GET /queue HTTP/1.1\r\n${host}Accept: */*\r\n\r\n`);
    head[random.between(0, head.length - 5)] = random.between(0, 255);
    await sendAndReset(port, head, random.between(0, 50));
  },
  async function hugeHead(port, random) {
    const field = `X: ${'a'.repeat(random.between(66_000, 500_000))}`;
    await send(port, `GET / HTTP/1.1\r\n${host}${field}\r\n\r\n`);
  },
  async function badFraming(port, random) {
    const framing = random.pick([
      'Content-Length: 5\r\nTransfer-Encoding: chunked',
      'Content-Length: -1',
      'Content-Length: 5\r\nContent-Length: 6',
      'Transfer-Encoding: chunked, identity',
      'Transfer-Encoding: chunked\r\n\r\nZZZ\r\nhello',
      'Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n',
      'Content-Length: 99999999999999999999',
    ]);
    await send(port, `POST /prompt HTTP/1.1\r\n${host}${framing}\r\n\r\nhello`);
  },
  async function badPath(port, random) {
    const path = random.pick(['/%', '/%zz', '//', '/\\..\\x', '/..%2f..%2fetc', 'http://[', '*', '/view?filename=%00']);
    await sendAndReset(port, `GET ${path} HTTP/1.1\r\n${host}\r\n`, random.between(0, 50));
  },
  async function badJson(port, random) {
    const body = random.bytes(random.between(0, 5000));
    const head = `POST /prompt HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    await sendAndReset(port, Buffer.concat([Buffer.from(head), body]), random.between(0, 100));
  },
  async function halfRequestThenReset(port, random) {
    const whole = `POST /prompt HTTP/1.1\r\n${host}Content-Length: 1000\r\n\r\n{"prompt": {`;
    await sendAndReset(port, whole.slice(0, random.between(1, whole.length)), random.between(0, 20));
  },
  async function slowHead(port, random) {
    const peer = connectRaw(port);
    for (const byte of `GET / HTTP/1.1\r\n${host}X-`) {
      peer.write(byte);
      if (random.chance(0.2)) await delay(random.between(1, 20));
    }
    await cut(peer.socket);
  },
  async function abortedUpload(port, random) {
    const head = `POST /upload/image HTTP/1.1\r\n${host}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 10000000\r\n\r\n--b\r\n`;
    await sendAndReset(
      port,
      Buffer.concat([Buffer.from(head), random.bytes(random.between(0, 3000)), Buffer.alloc(100_000)]),
      random.between(0, 50),
    );
  },
  async function socketGarbage(port, random) {
    const { socket } = await rawUpgrade(port, `/ws?clientId=garbage${random.between(0, 1e9)}`);
    socket.write(
      random.pick([
        random.bytes(random.between(2, 500)),
        // An unmasked frame, a reserved opcode, a control frame that is too long, text that is no UTF-8, a claim of 2^62 bytes.
        Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5]),
        clientFrame(0x83, random.bytes(20)),
        clientFrame(0x89, random.bytes(200)),
        clientFrame(0x81, Buffer.from([0xff, 0xfe, 0xfd])),
        Buffer.from([0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]),
        // No garbage for the protocol, but for ComfyUI.
        clientFrame(0x81, Buffer.from('{"type": 1, "data": [')),
      ]),
    );
    await delay(random.between(0, 200));
    await cut(socket);
  },
  async function socketHandshake(port, random) {
    const field = random.pick(['Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 99', 'Upgrade: tea', 'X: y']);
    await send(port, `GET /ws HTTP/1.1\r\n${host}Connection: Upgrade, close\r\nUpgrade: websocket\r\n${field}\r\n\r\n`);
  },
];

async function sendMalformed(port: number, random: SeededRandom, count: number): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        await random.pick(kinds)(port, seededRandom(random.between(0, 1e9)));
      }
    }),
  );
}

/** A client that does everything right, all the time, and counts what it was not given. */
function honest(engine: EngineProcess): { end(): Promise<{ answered: number; failures: string[] }> } {
  let ended = false;
  let answered = 0;
  const failures: string[] = [];

  async function run(): Promise<void> {
    const tab = await openTab(engine.url);
    for (let round = 1; !ended; round += 1) {
      try {
        const seen = tab.messages.length;
        const queued = await tab.queue(workflow('minimal', { '1.color': round }));
        if (queued.status !== 200) failures.push(`prompt: ${queued.status} ${JSON.stringify(queued.body)}`);
        const done = tab.next(
          ({ type, data }) => type === 'execution_success' && data.prompt_id === queued.promptId,
          seen,
        );
        const inTime = await Promise.race([done, delay(20_000)]);
        if (inTime === undefined) failures.push(`prompt ${queued.promptId} was not heard of again`);
        for (const path of ['/queue', '/system_stats', '/manager/status']) {
          const answer = await fetch(`${engine.url}${path}`);
          await answer.arrayBuffer();
          if (answer.status !== 200) failures.push(`${path}: ${answer.status}`);
        }
        answered += 4;
      } catch (error) {
        failures.push(String(error));
      }
      await delay(20);
    }
    if (tab.closes() > 0) failures.push('its WebSocket was closed');
    tab.close();
  }

  const running = run();
  return {
    async end() {
      ended = true;
      await running;
      return { answered, failures };
    },
  };
}

async function settlesBelow(limit: number, measure: () => number): Promise<number> {
  const deadline = performance.now() + SETTLING_MS;
  while (measure() > limit && performance.now() < deadline) await delay(200);
  return measure();
}

afterEach(async () => {
  cutRawUpgrades();
  await stopEngines();
});

it(`${requests} malformed requests hurt nobody and leave nothing (seed ${seed})`, { timeout: 1_800_000 }, async () => {
  const random = seededRandom(seed);
  const engine = await startEngine({
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0.2`,
    },
  });
  const port = Number(new URL(engine.url).port);
  await engine.post('/manager/start');
  const { pid: comfyPid } = await engine.status();

  // As much as is measured afterwards: node's heap takes its room under load, and keeps it.
  const warming = honest(engine);
  await sendMalformed(port, random, requests);
  expect((await warming.end()).failures).toEqual([]);
  await engine.until((status) => status.gateway.sockets === 0);
  const memoryBefore = residentMegabytes(engine.pid);
  const descriptorsBefore = openDescriptors(engine.pid);
  const client = honest(engine);
  await sendMalformed(port, random, requests);
  const { answered, failures } = await client.end();

  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(0);
  await engine.until((status) => status.gateway.sockets === 0 && status.gateway.heldRequests === 0);
  expect((await engine.status()).pid).toBe(comfyPid);
  expect(engine.child.exitCode).toBeNull();
  const memoryAfter = await settlesBelow(memoryBefore + MOST_GROWTH_MB, () => residentMegabytes(engine.pid));
  const descriptorsAfter = openDescriptors(engine.pid);
  console.log(
    `${answered} honest answers; engine ${memoryBefore.toFixed(0)} MB, then ${memoryAfter.toFixed(0)} MB; ${descriptorsBefore} descriptors, then ${descriptorsAfter}`,
  );
  expect(memoryAfter - memoryBefore).toBeLessThan(MOST_GROWTH_MB);
  expect(descriptorsAfter - descriptorsBefore).toBeLessThan(DESCRIPTORS_THAT_MOVE);
});
