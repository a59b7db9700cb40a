import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ComfyClient, createComfyClient, urlHost } from '../../../engine/comfyui/client.ts';
import { systemClock } from '../../../engine/platform/clock.ts';

let server: Server | null = null;
let client: ComfyClient | null = null;
afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
  server = null;
});

/** A client of a ComfyUI that answers as the listener does. */
async function clientOf(listener: RequestListener): Promise<ComfyClient> {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  client = createComfyClient({
    address: () => ({ host: '127.0.0.1', port, pid: 1, generation: 1 }),
    clock: systemClock,
    timeoutMs: 200,
  });
  return client;
}

describe('the client of ComfyUI', () => {
  it('asks what it is told to, with names as they must stand in a URL', async () => {
    const requests: string[] = [];
    const asking = await clientOf((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      response.end('{"a":1}');
    });
    expect(await asking.queue()).toEqual({ a: 1 });
    await asking.history(64);
    await asking.historyOf('a/b?c');
    expect(requests).toEqual(['GET /queue', 'GET /history?max_items=64', 'GET /history/a%2Fb%3Fc']);
  });

  it('frees models and memory', async () => {
    let body = '';
    const asking = await clientOf((request, response) => {
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => response.end());
    });
    await asking.freeVram();
    expect(JSON.parse(body)).toEqual({ unload_models: true, free_memory: true });
  });

  it.each<[string, RequestListener]>([
    ['an error', (_request, response) => response.writeHead(500).end('Server got itself in trouble')],
    ['something that is not JSON', (_request, response) => response.end('<html>')],
    ['nothing', () => undefined],
    ['half an answer', (_request, response) => response.writeHead(200, { 'content-length': '100' }).write('{')],
    ['a cut connection', (request) => request.socket.destroy()],
  ])('says upstream_unreachable and why when ComfyUI answers with %s', async (_name, listener) => {
    const asking = await clientOf(listener);
    await expect(asking.queue()).rejects.toMatchObject({
      code: 'upstream_unreachable',
      message: expect.stringMatching(/GET \/queue/),
    });
  });

  it('says not_running when nothing runs', async () => {
    client = createComfyClient({ address: () => null, clock: systemClock });
    await expect(client.freeVram()).rejects.toMatchObject({ code: 'not_running' });
  });
});

it('an IPv6 host is written in brackets', () => {
  expect([urlHost('::1'), urlHost('127.0.0.1'), urlHost('localhost')]).toEqual(['[::1]', '127.0.0.1', 'localhost']);
});
