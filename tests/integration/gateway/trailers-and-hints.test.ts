/** What HTTP/1.1 lets come before and after an answer: 1xx, and trailers of both sides. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

describe('trailers', () => {
  it('of a request arrive, without those that would change its meaning', async () => {
    const host = await startGatewayHost();
    host.send(
      'POST /x HTTP/1.1',
      'Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n',
      '5\r\nhello\r\n0\r\nX-Sum: 12\r\nAuthorization: Bearer x\r\n\r\n',
    );
    const text = await (await host.upstream.connection(0)).until('X-Sum: 12');
    expect(text).toContain('Trailer: X-Sum\r\n');
    expect(text).toMatch(/5\r\nhello\r\n0\r\nX-Sum: 12\r\n\r\n$/);
  });

  it('of an answer arrive', async () => {
    const host = await startGatewayHost();
    const client = host.send('GET /x HTTP/1.1', 'TE: trailers\r\n');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write(
      'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 12\r\n\r\n',
    );
    const text = await client.until('X-Sum: 12');
    expect(text).toContain('Trailer: X-Sum\r\n');
    expect(text).toMatch(/5\r\nhello\r\n0\r\nX-Sum: 12\r\n\r\n$/);
  });

  it('an HTTP/1.0 client gets the body without them', async () => {
    const host = await startGatewayHost();
    const client = host.send('GET /x HTTP/1.0');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write(
      'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 12\r\n\r\n',
    );
    expect(await client.ended()).toBe('closed');
    expect(client.text()).toMatch(/\r\n\r\nhello$/);
  });
});

describe('informational answers', () => {
  it('early hints and processing pass', async () => {
    const host = await startGatewayHost();
    const client = host.send('GET /x HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n');
    const text = await client.until(/103 Early Hints.*\r\n\r\n/s);
    expect(text).toMatch(/^HTTP\/1\.1 102 .*\r\n\r\nHTTP\/1\.1 103 .*[Ll]ink: <\/a\.css>; rel=preload\r\n/s);
    upstream.write(httpAnswer('real'));
    await client.until('real');
  });

  it('an HTTP/1.0 client does not know them', async () => {
    const host = await startGatewayHost();
    const client = host.send('GET /x HTTP/1.0');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n${httpAnswer('real')}`);
    expect(await client.until('real')).toMatch(/^HTTP\/1\.1 200 /);
  });
});
