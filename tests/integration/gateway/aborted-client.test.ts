/** A client that goes away must not leave ComfyUI working for nobody, nor a torn upload looking whole. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

describe('a client that goes away', () => {
  it.each(['end', 'reset'] as const)('while ComfyUI thinks (%s)', async (how) => {
    const host = await startGatewayHost();
    const client = host.send('GET /slow HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    client[how]();
    await upstream.ended();
  });

  it('in the middle of an answer', async () => {
    const host = await startGatewayHost();
    const client = host.send('GET /big HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegin');
    await client.until('begin');
    client.reset();
    await upstream.ended();
  });

  it('in the middle of an upload: the body is not completed in its name', async () => {
    const host = await startGatewayHost();
    const client = host.send('POST /upload HTTP/1.1', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n');
    const upstream = await host.upstream.connection(0);
    await upstream.until('hello');
    client.end();
    await upstream.ended();
    expect(upstream.text()).not.toContain('\r\n0\r\n');
  });

  it('others are not affected, and the broken connection is not used again', async () => {
    const host = await startGatewayHost();
    const leaving = host.send('GET /1 HTTP/1.1');
    const first = await host.upstream.connection(0);
    await first.until('\r\n\r\n');
    const staying = host.send('GET /2 HTTP/1.1');
    const second = await host.upstream.connection(1);
    await second.until('\r\n\r\n');
    leaving.reset();
    await first.ended();
    second.write(httpAnswer('fine'));
    expect((await staying.answer()).body).toBe('fine');
    const next = host.send('GET /3 HTTP/1.1');
    await second.until('GET /3 ');
    second.write(httpAnswer('fine too'));
    expect((await next.answer()).body).toBe('fine too');
  });
});
