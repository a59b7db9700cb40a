/** Java's HttpClient and `curl --http2` offer HTTP/2 with a plain request; it must be served as if they had not. */
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

const OFFER = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAA\r\n';

it('a request with a body and the next one on its connection', async () => {
  const host = await startGatewayHost();
  const client = host.send('POST /prompt HTTP/1.1', `${OFFER}Content-Length: 2\r\nX-A: 1\r\n`, '{}');
  const upstream = await host.upstream.connection(0);
  expect(await upstream.until('{}')).toBe(
    `POST /prompt HTTP/1.1\r\nHost: 127.0.0.1:${host.upstream.port}\r\nX-A: 1\r\nContent-Length: 2\r\n\r\n{}`,
  );
  upstream.write(httpAnswer('done'));
  expect((await client.answer()).body).toBe('done');
  client.write(`GET /next HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\n\r\n`);
  await upstream.until('GET /next ');
});

it('is checked like any other', async () => {
  const host = await startGatewayHost();
  const client = host.send('POST /prompt HTTP/1.1', `${OFFER}Origin: http://evil.example\r\nContent-Length: 0\r\n`);
  expect((await client.answer()).status).toBe(403);
});
