/** How much later a frame arrives through the relay than straight from ComfyUI, with many sockets open. */
import { WebSocket } from 'ws';
import type { ListeningProcess } from './process.ts';
import type { FrameOrder } from './upstream-process.ts';

const NANOSECONDS_PER_MS = 1e6;
const OPENED_AT_ONCE = 50;

/**
 * Opens `count` sockets on `port`, has the upstream send `order.frames` over them, and closes them.
 * @returns the delay of each frame in ms
 */
export async function frameDelays(
  port: number,
  count: number,
  upstream: ListeningProcess,
  order: FrameOrder,
): Promise<number[]> {
  const delays: number[] = [];
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(OPENED_AT_ONCE, count - sockets.length) }, (_, index) =>
      open(port, `bench-${sockets.length + index}`),
    );
    await Promise.all(batch.map(greeted));
    sockets.push(...batch);
  }
  for (const socket of sockets) {
    socket.on('message', (text: Buffer) => {
      const sentAt = /"sentAt":"(\d+)"/.exec(text.toString('latin1'))?.[1];
      if (sentAt !== undefined) delays.push(Number(process.hrtime.bigint() - BigInt(sentAt)) / NANOSECONDS_PER_MS);
    });
  }
  upstream.child.send(order);
  await new Promise((resolve) => upstream.child.once('message', resolve));
  while (delays.length < order.frames) await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all(sockets.map(closed));
  return delays;
}

function open(port: number, clientId: string): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${port}/ws?clientId=${clientId}`, { perMessageDeflate: false });
}

/** Open, and ComfyUI's `status` has come: the whole way is there. */
function greeted(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('message', () => resolve());
    socket.once('error', reject);
  });
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.close();
  });
}
