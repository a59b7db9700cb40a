/** A flood of connections is held off before the process runs out of files. */
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';
import { until } from '../../support/until.ts';

afterEach(closeGatewayHosts);

it('those beyond the limit are closed at once, and there is room again when others go', async () => {
  const host = await startGatewayHost({ network: { maxSockets: 1 } });
  const peers: RawPeer[] = [];
  // In portions that fit the backlog of a listening socket.
  while (peers.length < 2049) {
    peers.push(host.connect());
    if (peers.length % 100 === 0) await until(() => peers.every(({ socket }) => !socket.connecting));
  }
  const late = host.connect();
  await late.ended();
  expect(late.text()).toBe('');

  for (const peer of peers.slice(0, 10)) peer.end();
  await Promise.all(peers.slice(0, 10).map((peer) => peer.ended()));
  const next = host.send('GET /x HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write(httpAnswer('room'));
  expect((await next.answer()).body).toBe('room');
});
