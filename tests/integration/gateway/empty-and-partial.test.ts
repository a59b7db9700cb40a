/** Answers without a body and with a part of one: where proxies hang, or send what nobody may send. */
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

it.each([
  [
    'HEAD',
    '',
    'HTTP/1.1 200 OK\r\nContent-Length: 64658\r\nETag: "a"\r\n\r\n',
    /^HTTP\/1\.1 200 OK\r\n.*Content-Length: 64658\r\n/s,
  ],
  ['HEAD', '', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', /^HTTP\/1\.1 200 OK\r\n/],
  ['GET', '', 'HTTP/1.1 204 No Content\r\n\r\n', /^HTTP\/1\.1 204 No Content\r\n/],
  [
    'GET',
    'If-None-Match: "a"\r\n',
    'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 500\r\n\r\n',
    /^HTTP\/1\.1 304 .*ETag: "a"\r\n/s,
  ],
])('%s %s%s is followed by the next answer', async (method, fields, bytes, expected) => {
  const host = await startGatewayHost();
  const client = host.send(`${method} /1 HTTP/1.1`, fields);
  const upstream = await host.upstream.connection(0);
  expect(await upstream.until('\r\n\r\n')).toContain(fields);
  upstream.write(bytes);
  const head = await client.until('\r\n\r\n');
  expect(head).toMatch(expected);
  client.write(`GET /2 HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\n\r\n`);
  await upstream.until('GET /2 ');
  upstream.write(httpAnswer('second'));
  const all = await client.until('second');
  // Nothing of a body came between the two.
  expect(all.slice(head.length)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

it('a range is asked for and answered as ComfyUI does', async () => {
  const host = await startGatewayHost();
  const client = host.send('GET /view?filename=a.mp4 HTTP/1.1', 'Range: bytes=5-9\r\nIf-Range: "a"\r\n');
  const upstream = await host.upstream.connection(0);
  expect(await upstream.until('\r\n\r\n')).toContain('Range: bytes=5-9\r\nIf-Range: "a"\r\n');
  upstream.write(
    httpAnswer('56789', 'Content-Range: bytes 5-9/100\r\nAccept-Ranges: bytes\r\n', '206 Partial Content'),
  );
  const { head, status, body } = await client.answer();
  expect([status, body]).toEqual([206, '56789']);
  expect(head).toContain('Content-Range: bytes 5-9/100\r\n');
});

it('an empty body of known length', async () => {
  const host = await startGatewayHost();
  const client = host.send('GET /x HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  expect(await client.answer()).toMatchObject({ status: 200, body: '' });
});

it('a stream of events is passed on word by word', async () => {
  const host = await startGatewayHost();
  const client = host.send('GET /events HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n');
  await client.until('text/event-stream');
  for (const word of ['one', 'two', 'three']) {
    upstream.write(`${word.length.toString(16)}\r\n${word}\r\n`);
    await client.until(word);
  }
});
