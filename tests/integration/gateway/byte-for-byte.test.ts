/** What a proxy changes on the way is what a custom node breaks on: path, query, cookies and bodies go through untouched. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeGatewayHosts, type GatewayHost, startGatewayHost } from '../../support/gateway-host.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

async function received(host: GatewayHost, index = 0): Promise<string> {
  const upstream = await host.upstream.connection(index);
  return upstream.until('\r\n\r\n');
}

describe('request targets', () => {
  it.each([
    '/view?filename=a%2Fb.png&subfolder=..%2f&type=output',
    '/api/userdata/workflows%2Fmine.json',
    '//view//x',
    '/%2e%2e/a/../b/./c',
    '/a;b=c,d?e=f&&=&g#\'"',
    '/comfy+ui?q=%E6%97%A5',
  ])('%j arrives as it was sent', async (target) => {
    const host = await startGatewayHost();
    const client = host.connect();
    client.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\n\r\n`);
    expect((await received(host)).split('\r\n')[0]).toBe(`GET ${target} HTTP/1.1`);
  });

  it('/comfyui is an explicit name of the same thing', async () => {
    const host = await startGatewayHost();
    host.send('GET /comfyui/api/queue?x=1 HTTP/1.1');
    expect(await received(host)).toMatch(/^GET \/api\/queue\?x=1 HTTP\/1\.1\r\n/);
  });

  it('an absolute target becomes a path', async () => {
    const host = await startGatewayHost();
    host.send(`GET http://127.0.0.1:${host.port}/view?a=1 HTTP/1.1`);
    expect(await received(host)).toMatch(/^GET \/view\?a=1 HTTP\/1\.1\r\n/);
  });
});

describe('header fields', () => {
  it('keep their case, order, repetition and bytes; those of the connection stay here', async () => {
    const host = await startGatewayHost();
    host.send(
      'GET / HTTP/1.1',
      'X-One: 1\r\nx-TWO: \xe9\r\nX-One: 2\r\nCookie: a="1;2"; b\r\nCookie: c=3\r\nTE: trailers\r\nConnection: keep-alive, X-Hop\r\nX-Hop: gone\r\nKeep-Alive: 5\r\nProxy-Authorization: x\r\n',
    );
    expect(await received(host)).toBe(
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${host.upstream.port}\r\nX-One: 1\r\nx-TWO: \xe9\r\nX-One: 2\r\nCookie: a="1;2"; b\r\nCookie: c=3\r\n\r\n`,
    );
  });

  it('of the answer too', async () => {
    const host = await startGatewayHost();
    const client = host.send('GET / HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write(
      'HTTP/1.1 299 Odd \xe9 Reason\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nDate: now\r\n' +
        'Content-Length: 2\r\nContent-Disposition: filename="\xe6\x97\xa5.png"\r\nConnection: keep-alive, X-Hop\r\nX-Hop: gone\r\nKeep-Alive: timeout=1\r\nProxy-Authenticate: x\r\n\r\nok',
    );
    const { head } = await client.answer();
    expect(head.split('\r\n')).toEqual([
      'HTTP/1.1 299 Odd \xe9 Reason',
      'Set-Cookie: a=1',
      'set-cookie: b=2',
      'Date: now',
      'Content-Disposition: filename="\xe6\x97\xa5.png"',
      'Content-Length: 2',
      'Connection: keep-alive',
      'Keep-Alive: timeout=75',
    ]);
  });

  it('of an answer whose body comes later are not re-encoded either', async () => {
    const host = await startGatewayHost();
    const client = host.send('GET / HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write('HTTP/1.1 200 OK\r\nX-Name: \xe9\r\nContent-Length: 2\r\n\r\n');
    expect(await client.until('\r\n\r\n')).toContain('X-Name: \xe9\r\n');
  });
});

describe('bodies', () => {
  it('every byte of a request and of an answer', async () => {
    const host = await startGatewayHost();
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    const client = host.send('POST /x HTTP/1.1', `Content-Length: ${bytes.length}\r\n`, bytes);
    const upstream = await host.upstream.connection(0);
    const text = await upstream.until(bytes);
    expect(text).toContain(`Content-Length: ${bytes.length}\r\n`);
    upstream.write(httpAnswer(bytes));
    expect((await client.answer()).body).toBe(bytes);
  });

  it('a chunked request stays chunked, an empty one stays empty', async () => {
    const host = await startGatewayHost();
    host.send('POST /x HTTP/1.1', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n');
    const chunked = await (await host.upstream.connection(0)).until('0\r\n\r\n');
    expect(chunked).toContain('Transfer-Encoding: chunked\r\n');
    expect(chunked.slice(chunked.indexOf('\r\n\r\n') + 4).replace(/[0-9a-f]+\r\n([^\r]*)\r\n/g, '$1')).toBe(
      'hello world',
    );

    host.send('POST /x HTTP/1.1', 'Content-Length: 0\r\n');
    expect(await received(host, 1)).toContain('Content-Length: 0\r\n');
  });

  it('one connection to ComfyUI serves one request after the other', async () => {
    const host = await startGatewayHost();
    const client = host.connect();
    for (const path of ['/1', '/2', '/3']) {
      client.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\n\r\n`);
      const upstream = await host.upstream.connection(0);
      await upstream.until(`GET ${path} `);
      upstream.write(httpAnswer(path));
      expect((await client.answer()).body).toBe(path);
    }
    expect(host.upstream.connections).toHaveLength(1);
  });
});
