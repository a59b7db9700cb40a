/** ComfyUI may refuse an upload before it has all of it (413 above 100 MiB): the client must get to read why. */
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

it('the answer reaches a client that goes on sending, and its next request is not read as body', async () => {
  const host = await startGatewayHost();
  const client = host.send('POST /upload HTTP/1.1', 'Content-Length: 20\r\n', 'first half');
  const upstream = await host.upstream.connection(0);
  await upstream.until('first half');
  upstream.write(httpAnswer('too large', '', '413 Payload Too Large'));
  expect((await client.answer()).status).toBe(413);
  // The connection to ComfyUI is in the middle of a body: not for others.
  await upstream.ended();
  client.write('other half');
  client.write(`GET /next HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\n\r\n`);
  const next = await host.upstream.connection(1);
  expect(await next.until('\r\n\r\n')).toMatch(/^GET \/next /);
  next.write(httpAnswer('fine'));
  expect((await client.answer()).body).toBe('fine');
});

it('an answer that streams while the request still does', async () => {
  const host = await startGatewayHost();
  const client = host.send('POST /duplex HTTP/1.1', 'Transfer-Encoding: chunked\r\n', '3\r\none\r\n');
  const upstream = await host.upstream.connection(0);
  await upstream.until('one');
  upstream.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nuno\r\n');
  await client.until('uno');
  client.write('3\r\ntwo\r\n0\r\n\r\n');
  await upstream.until('two');
  upstream.write('3\r\ndos\r\n0\r\n\r\n');
  await client.until('dos');
});
