import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probeSystemStats } from '../../../../../engine/supervisor/health/stats-probe.ts';

const servers = new Set<Server | TcpServer>();
afterEach(() => {
  for (const server of servers) server.close();
  servers.clear();
});

async function listen(server: Server | TcpServer): Promise<number> {
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const serve = (listener: RequestListener) => listen(createServer(listener));
const probe = (port: number, signal?: AbortSignal) =>
  probeSystemStats({ host: '127.0.0.1', port }, { timeoutMs: 300, ...(signal === undefined ? {} : { signal }) });

describe('the probe', () => {
  it('tells the status and the command line of who answers', async () => {
    const argv = ['main.py', '--port', '9000'];
    const port = await serve((request, response) => {
      response.end(JSON.stringify({ system: { argv, path: request.url } }));
    });
    expect(await probe(port)).toEqual({ kind: 'answered', status: 200, argv });
  });

  it('takes an answer that is none of ComfyUI for an answer without a command line', async () => {
    const port = await serve((_request, response) => response.writeHead(404).end('<html>'));
    expect(await probe(port)).toEqual({ kind: 'answered', status: 404, argv: null });
  });

  it('tells that nobody listens', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await probe(port)).toEqual({ kind: 'refused' });
  });

  it('calls silent who accepts and says nothing, who hangs up, and who never comes to an end', async () => {
    const sockets = new Set<{ destroy(): void }>();
    const mute = await listen(createTcpServer((socket) => sockets.add(socket)));
    const rude = await listen(createTcpServer((socket) => socket.destroy()));
    const endless = await serve((_request, response) => {
      response.write('{');
      sockets.add(response);
    });
    expect([await probe(mute), await probe(rude), await probe(endless)]).toEqual([
      { kind: 'silent' },
      { kind: 'silent' },
      { kind: 'silent' },
    ]);
    for (const socket of sockets) socket.destroy();
  });

  it('does not take in a body without bounds', async () => {
    const port = await serve((_request, response) => {
      const write = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', write);
      };
      write();
      response.on('error', () => undefined);
    });
    expect(await probe(port)).toEqual({ kind: 'silent' });
  });

  it('can be called off', async () => {
    const port = await serve(() => undefined);
    const over = new AbortController();
    const asked = probe(port, over.signal);
    over.abort();
    expect(await asked).toEqual({ kind: 'silent' });
  });
});
