/** A model of gigabytes goes through, not into, the gateway (ComfyUI#14328). */
import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';

const MIB = 1024 * 1024;
/** quality.md: memory flat, give or take 64 MiB. */
const MOST_GROWTH_BYTES = 64 * MIB;

interface FloodMessage {
  readonly kind: 'listening' | 'done' | 'failed';
  readonly port?: number;
  readonly bytes?: number;
  readonly message?: string;
}

let flood: ChildProcess | null = null;

afterEach(async () => {
  flood?.kill('SIGKILL');
  flood = null;
  await closeGatewayHosts();
});

function startFlood(): ChildProcess {
  flood = fork(resolve(import.meta.dirname, '../../support/flood.mjs'));
  return flood;
}

const message = (child: ChildProcess): Promise<FloodMessage> =>
  new Promise((answer, reject) => {
    child.once('message', (value) => answer(value as FloodMessage));
    child.once('exit', (code) => reject(new Error(`the flood ended with ${code}`)));
  });

/** What the process holds over what it held before, sampled while `work` goes on. */
async function growthDuring(work: Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  await work.finally(() => clearInterval(sampling));
  return most - before;
}

it.each([
  ['an upload of 2 GiB', { kind: 'upload', bytes: 2048 * MIB, chunked: false }],
  ['a chunked upload', { kind: 'upload', bytes: 256 * MIB, chunked: true }],
  ['a download', { kind: 'download', bytes: 1024 * MIB }],
])('%s', async (_what, order) => {
  const child = startFlood();
  const { port } = await message(child);
  const host = await startGatewayHost({ upstreamPort: port ?? 0 });
  // What the garbage collector lets lie until it bothers is there after the first part, whatever follows.
  child.send({ ...order, bytes: 256 * MIB, port: host.port });
  expect(await message(child)).toEqual({ kind: 'done', bytes: 256 * MIB });

  child.send({ ...order, port: host.port });
  const done = message(child);
  expect(await growthDuring(done)).toBeLessThan(MOST_GROWTH_BYTES);
  expect(await done).toEqual({ kind: 'done', bytes: order.bytes });
});
