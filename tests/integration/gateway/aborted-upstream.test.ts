/** When ComfyUI dies in the middle of an answer, the client must not take what it got for the whole. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';

afterEach(closeGatewayHosts);

describe('ComfyUI dies', () => {
  it.each([
    ['a sized answer', 'HTTP/1.1', 'Content-Length: 100\r\n\r\nbegin'],
    ['a chunked answer', 'HTTP/1.1', 'Transfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n'],
    // Its client reads until the connection ends, so only how it ends can tell.
    ['an answer to an HTTP/1.0 client', 'HTTP/1.0', 'Transfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n'],
  ])('in %s: the client’s connection is reset', async (_what, version, rest) => {
    const host = await startGatewayHost();
    const client = host.send(`GET /x ${version}`);
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write(`HTTP/1.1 200 OK\r\n${rest}`);
    await client.until('begin');
    upstream.end();
    expect(await client.ended()).toBe('reset');
    expect(client.text()).not.toMatch(/\r\n0\r\n/);
  });

  it.each(['end', 'reset'] as const)('before it answers (%s): 502 with the reason', async (how) => {
    const host = await startGatewayHost();
    const client = host.send('POST /prompt HTTP/1.1', 'Content-Length: 2\r\n', '{}');
    const upstream = await host.upstream.connection(0);
    await upstream.until('{}');
    upstream[how]();
    const { status, body } = await client.answer();
    expect(status).toBe(502);
    expect(JSON.parse(body)).toMatchObject({ source: 'stoker', error: { code: 'upstream_unreachable' } });
  });

  it('a prompt that may have arrived is not sent twice', async () => {
    const host = await startGatewayHost();
    const client = host.send('POST /prompt HTTP/1.1', 'Content-Length: 2\r\n', '{}');
    const upstream = await host.upstream.connection(0);
    await upstream.until('{}');
    upstream.reset();
    await client.answer();
    expect(host.upstream.connections).toHaveLength(1);
  });

  it('nobody listens on its port: 502 says so', async () => {
    const host = await startGatewayHost({ upstreamPort: 1 });
    const { status, body } = await host.send('GET /x HTTP/1.1').answer();
    expect(status).toBe(502);
    expect(JSON.parse(body).error.message).toContain('ECONNREFUSED');
  });

  it('an answer without a length is whole when the connection ends', async () => {
    const host = await startGatewayHost();
    const client = host.send('GET /x HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write('HTTP/1.1 200 OK\r\n\r\nall of it');
    upstream.end();
    expect(await client.until('\r\n0\r\n\r\n')).toContain('all of it');
  });
});
