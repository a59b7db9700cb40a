/** An idle connection may die just as it is used. What changes nothing is asked again; what might is not. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeGatewayHosts, type GatewayHost, startGatewayHost } from '../../support/gateway-host.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

/** Makes one request, so that its connection is idle, and lets the next one die on it. */
async function dieOnReuse(host: GatewayHost, startLine: string, fields = '', body = ''): Promise<RawPeer> {
  const first = host.send('GET /first HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write(httpAnswer('1'));
  await first.answer();
  const second = host.send(startLine, fields, body);
  await upstream.until(startLine);
  upstream.reset();
  return second;
}

describe('a connection that dies as it is used again', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])('%s is asked once more on a new one', async (method) => {
    const host = await startGatewayHost();
    const client = await dieOnReuse(host, `${method} /again HTTP/1.1`);
    const fresh = await host.upstream.connection(1);
    await fresh.until(`${method} /again `);
    fresh.write(method === 'HEAD' ? 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n' : httpAnswer('hello'));
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('once: when that dies too, the answer is 502', async () => {
    const host = await startGatewayHost();
    const client = await dieOnReuse(host, 'GET /again HTTP/1.1');
    const fresh = await host.upstream.connection(1);
    await fresh.until('GET /again ');
    fresh.reset();
    expect((await client.answer()).status).toBe(502);
    expect(host.upstream.connections).toHaveLength(2);
  });

  it.each([
    ['POST', 'Content-Length: 2\r\n', '{}'],
    ['DELETE', '', ''],
    ['GET', 'Content-Length: 2\r\n', '{}'],
  ])('%s with %j is not', async (method, fields, body) => {
    const host = await startGatewayHost();
    const client = await dieOnReuse(host, `${method} /once HTTP/1.1`, fields, body);
    expect((await client.answer()).status).toBe(502);
    expect(host.upstream.connections).toHaveLength(1);
  });

  it('nor is anything once an answer has begun', async () => {
    const host = await startGatewayHost();
    const first = host.send('GET /first HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write(httpAnswer('1'));
    await first.answer();
    const client = host.send('GET /begun HTTP/1.1');
    await upstream.until('GET /begun ');
    upstream.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel');
    await client.until('hel');
    upstream.reset();
    expect(await client.ended()).toBe('reset');
    expect(host.upstream.connections).toHaveLength(1);
  });
});

it('a connection that ComfyUI has closed meanwhile is not used at all', async () => {
  const host = await startGatewayHost();
  const first = host.send('GET /first HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write(httpAnswer('1', 'Connection: close\r\n'));
  await first.answer();
  await upstream.ended();
  host.send('POST /second HTTP/1.1', 'Content-Length: 2\r\n', '{}');
  await (await host.upstream.connection(1)).until('{}');
});

it('an idle connection is closed before ComfyUI closes it', async () => {
  const clock = createManualClock();
  const host = await startGatewayHost({ clock });
  const client = host.send('GET /x HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write(httpAnswer('1'));
  await client.answer();
  // aiohttp waits 75 s.
  await clock.advance(70_000);
  await upstream.ended();
});

it('each run of ComfyUI gets connections of its own', async () => {
  const host = await startGatewayHost();
  const first = host.send('GET /first HTTP/1.1');
  const old = await host.upstream.connection(0);
  await old.until('\r\n\r\n');
  old.write(httpAnswer('1'));
  await first.answer();
  host.supervisor.sleep();
  host.supervisor.wake();
  host.send('GET /second HTTP/1.1');
  await (await host.upstream.connection(1)).until('GET /second ');
  await old.ended();
});
