/** Two programs that read one request's end differently let an attacker hide a second request in the first. None gets through. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';

afterEach(closeGatewayHosts);

const HIDDEN = 'GET /hidden HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

describe('requests that can be read in two ways are answered 400 and never passed on', () => {
  it.each([
    ['CL.TE', 'POST / HTTP/1.1', 'Content-Length: 60\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${HIDDEN}`],
    ['TE.CL', 'POST / HTTP/1.1', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `5c\r\n${HIDDEN}\r\n0\r\n\r\n`],
    [
      'TE.TE, hidden by a blank',
      'POST / HTTP/1.1',
      'Transfer-Encoding : chunked\r\nContent-Length: 5\r\n',
      `0\r\n\r\n${HIDDEN}`,
    ],
    [
      'TE.TE, hidden by a control character',
      'POST / HTTP/1.1',
      'Transfer-Encoding: \x0bchunked\r\n',
      `0\r\n\r\n${HIDDEN}`,
    ],
    [
      'TE.TE, twice',
      'POST / HTTP/1.1',
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
      `0\r\n\r\n${HIDDEN}`,
    ],
    ['chunked not last', 'POST / HTTP/1.1', 'Transfer-Encoding: chunked, gzip\r\n', `0\r\n\r\n${HIDDEN}`],
    ['gzip below chunked', 'POST / HTTP/1.1', 'Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'],
    ['chunks in HTTP/1.0', 'POST / HTTP/1.0', 'Transfer-Encoding: chunked\r\n', '0\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1', 'Content-Length: 5\r\nContent-Length: 50\r\n', `hello${HIDDEN}`],
    ['a list of lengths', 'POST / HTTP/1.1', 'Content-Length: 5, 50\r\n', `hello${HIDDEN}`],
    ['a signed length', 'POST / HTTP/1.1', 'Content-Length: +5\r\n', `hello${HIDDEN}`],
    [
      'a folded line',
      'POST / HTTP/1.1',
      'Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n',
      `0\r\n\r\n${HIDDEN}`,
    ],
    ['a bare line feed', 'POST / HTTP/1.1', 'X: y\nContent-Length: 5\r\n', `hello${HIDDEN}`],
    ['a bare carriage return', 'POST / HTTP/1.1', 'X: y\rContent-Length: 5\r\n', `hello${HIDDEN}`],
    ['two hosts', 'GET / HTTP/1.1', 'Host: evil.example\r\n', ''],
  ])('%s', async (_name, startLine, fields, body) => {
    const host = await startGatewayHost();
    const client = host.send(startLine, fields, body);
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    await client.ended();
    expect(host.upstream.connections.map((connection) => connection.text()).join('')).toBe('');
  });

  it.each([
    ['a chunk size with a sign', '-5\r\nhello\r\n0\r\n\r\n'],
    ['a chunk size in 0x', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a chunk longer than it said', '2\r\nhello\r\n0\r\n\r\n'],
    ['a chunk that ends in a bare line feed', '5\r\nhello\n0\r\n\r\n'],
  ])('%s ends the request to ComfyUI before it is whole', async (_name, body) => {
    const host = await startGatewayHost();
    const client = host.send('POST / HTTP/1.1', 'Transfer-Encoding: chunked\r\n', body);
    await client.ended();
    for (const connection of host.upstream.connections) {
      await connection.ended();
      expect(connection.text()).not.toMatch(/0\r\n\r\n$/);
    }
  });
});

it('what follows a whole request on the same connection is the next request, and nothing else', async () => {
  const host = await startGatewayHost();
  host.send(
    'POST /first HTTP/1.1',
    'Content-Length: 5\r\n',
    `helloGET /second HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\n\r\n`,
  );
  const first = await (await host.upstream.connection(0)).until('hello');
  expect(first).toMatch(/^POST \/first .*hello$/s);
  // HTTP/1.1 pipelining: the second goes on its own connection, so that neither can be read as part of the other.
  expect(await (await host.upstream.connection(1)).until('\r\n\r\n')).toMatch(/^GET \/second /);
});

describe('an answer that can be read in two ways is ComfyUI’s fault, and cut off', () => {
  it.each([
    ['length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nhello'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    [
      'a switch of protocols nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ],
    ['a header injected by a line feed', 'HTTP/1.1 200 OK\r\nX-A: b\nSet-Cookie: evil=1\r\nContent-Length: 0\r\n\r\n'],
  ])('%s', async (_name, bytes) => {
    const host = await startGatewayHost();
    const client = host.send('GET / HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write(bytes);
    const { status, body } = await client.answer();
    expect([status, JSON.parse(body).error.code]).toEqual([502, 'upstream_unreachable']);
    await upstream.ended();
  });

  it('bytes after an answer are nobody’s answer', async () => {
    const host = await startGatewayHost();
    const client = host.send('GET /1 HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
    expect((await client.answer()).body).toBe('ok');
    await upstream.ended();
    client.write(`GET /2 HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\n\r\n`);
    const next = await host.upstream.connection(1);
    await next.until('GET /2 ');
  });
});
