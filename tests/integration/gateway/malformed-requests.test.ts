/** Garbage from the network is answered in our own words, hurts nobody else, and leaves nothing behind. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { closeGatewayHosts, type GatewayHost, startGatewayHost } from '../../support/gateway-host.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

describe('what is no request', () => {
  it.each([
    ['not HTTP at all', 'hello\r\n\r\n', 400, 'request_malformed'],
    ['a TLS client', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'request_malformed'],
    ['an unknown method', 'BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'request_malformed'],
    ['no path', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'request_malformed'],
    ['a control character in a field', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n', 400, 'request_malformed'],
    ['a head of 65 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(66_000)}\r\n\r\n`, 431, 'headers_too_large'],
    ['a path of 65 KiB', `GET /${'a'.repeat(66_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'headers_too_large'],
  ])('%s', async (_what, bytes, status, code) => {
    const host = await startGatewayHost();
    const client = host.connect();
    client.write(bytes);
    const answer = await client.answer();
    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([status, code]);
    await client.ended();
  });

  it('a head of 60 KiB and 3000 fields passes whole', async () => {
    const host = await startGatewayHost();
    const fields = Array.from({ length: 3000 }, (_, index) => `X-${index}: ${'a'.repeat(8)}\r\n`).join('');
    host.send('GET / HTTP/1.1', fields);
    expect(await (await host.upstream.connection(0)).until('\r\n\r\n')).toContain(fields);
  });

  it('garbage after a request does not get into the answer that is on its way', async () => {
    const host = await startGatewayHost();
    const client = host.send('GET /x HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegin');
    await client.until('begin');
    client.write('garbage garbage\r\n\r\n');
    await client.ended();
    expect(client.text()).toMatch(/\r\n\r\nbegin$/);
    await upstream.ended();
  });
});

it('10,000 malformed requests leave nothing behind, and others are served meanwhile', async () => {
  const host = await startGatewayHost();
  await sendGarbage(host, 500);
  const before = settledMemory();
  const served = host.send('GET /slow HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  await sendGarbage(host, 10_000);
  upstream.write(httpAnswer('still here'));
  expect((await served.answer()).body).toBe('still here');
  // quality.md: back within 20 MB.
  expect(settledMemory() - before).toBeLessThan(20 * 1024 * 1024);
});

async function sendGarbage(host: GatewayHost, count: number): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      while (left > 0) {
        left -= 1;
        const socket = connect({ host: '127.0.0.1', port: host.port });
        socket.on('error', () => undefined);
        socket.write(
          left % 2 === 0 ? '\x00\x01\x02 garbage\r\n\r\n' : 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n',
        );
        socket.resume();
        socket.on('end', () => socket.destroy());
        await once(socket, 'close');
      }
    }),
  );
}

/** What is still held after everything that can be collected was. */
function settledMemory(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
