/** How much later a frame arrives through the relay than straight from ComfyUI, with many sockets open. */
import { WebSocket } from 'ws';
import type { ListeningProcess } from './process.ts';
import type { FrameOrder } from './upstream-process.ts';

const NANOSECONDS_PER_MS = 1e6;

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
  for (let index = 0; index < count; index += 1) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?clientId=bench-${index}`, { perMessageDeflate: false });
    sockets.push(socket);
    if (index % 50 === 49) await Promise.all(sockets.slice(-50).map(greeted));
  }
  await Promise.all(sockets.slice(-(count % 50 || 50)).map(greeted));
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
