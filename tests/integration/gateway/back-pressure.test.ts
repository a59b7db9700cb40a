/** Who cannot keep up slows the other side down; nothing piles up in between. */
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { until } from '../../support/until.ts';

afterEach(closeGatewayHosts);

const MIB = 1024 * 1024;
const OFFERED_BYTES = 512 * MIB;
/** The kernel's socket buffers on both sides of the gateway, generously. */
const MOST_TAKEN_BYTES = 64 * MIB;
const piece = Buffer.alloc(MIB, 'x');

/** Writes as long as the socket takes it. */
function offer(peer: RawPeer): () => number {
  let offered = 0;
  const go = (): void => {
    while (offered < OFFERED_BYTES) {
      offered += piece.length;
      if (!peer.socket.write(piece)) {
        peer.socket.once('drain', go);
        return;
      }
    }
  };
  go();
  return () => offered - peer.socket.writableLength;
}

/** Resolves with how much was taken when nothing more is. */
async function whenStuck(taken: () => number): Promise<number> {
  let last = -1;
  let same = 0;
  await until(() => {
    same = taken() === last && last > 0 ? same + 1 : 0;
    last = taken();
    return same > 40;
  });
  return last;
}

it('a client that reads slowly pauses ComfyUI, and gets everything when it reads on', async () => {
  const host = await startGatewayHost();
  const client = host.send('GET /big HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  client.stopReading();
  upstream.write(`HTTP/1.1 200 OK\r\nContent-Length: ${OFFERED_BYTES}\r\n\r\n`);
  const taken = offer(upstream);
  expect(await whenStuck(taken)).toBeLessThan(MOST_TAKEN_BYTES);

  let received = 0;
  client.socket.removeAllListeners('data');
  client.socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  client.read();
  await until(() => received > OFFERED_BYTES);
});

it('a ComfyUI that reads slowly pauses the client', async () => {
  const host = await startGatewayHost();
  const client = host.send('POST /upload HTTP/1.1', `Content-Length: ${OFFERED_BYTES}\r\n`);
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.stopReading();
  expect(await whenStuck(offer(client))).toBeLessThan(MOST_TAKEN_BYTES);
});

it('a held upload waits in the client', async () => {
  const host = await startGatewayHost({ asleep: true });
  const client = host.send('POST /upload HTTP/1.1', `Content-Length: ${OFFERED_BYTES}\r\n`);
  expect(await whenStuck(offer(client))).toBeLessThan(MOST_TAKEN_BYTES);
  expect(host.gateway.heldRequests()).toBe(1);
});
