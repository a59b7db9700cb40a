/** An HTTP server between Stoker and a simulator that keeps every body it passes on, word for word: a simulator in JavaScript rounds long numbers. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordingProxy {
  /** `http://127.0.0.1:N` */
  readonly url: string;
  /** Of each request with a body, in order. */
  readonly bodies: readonly {
    readonly path: string;
    readonly text: string;
    readonly headers: NodeJS.Dict<string | string[]>;
  }[];
  /** Every request as `METHOD /path`, query left out. */
  readonly asked: readonly string[];
  close(): void;
}

/** @param target where requests go: `http://127.0.0.1:N` */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const bodies: { path: string; text: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  const asked: string[] = [];
  const server: Server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    asked.push(`${incoming.method} ${incoming.url?.split('?')[0]}`);
    const outgoing = request(
      `${target}${incoming.url}`,
      { method: incoming.method ?? 'GET', headers: { ...incoming.headers, host: new URL(target).host } },
      (answered) => {
        answer.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      outgoing.write(chunk);
    });
    incoming.on('end', () => {
      if (chunks.length > 0) {
        bodies.push({
          path: incoming.url ?? '',
          text: Buffer.concat(chunks).toString('utf8'),
          headers: incoming.headers,
        });
      }
      outgoing.end();
    });
  });
  // Without progress: a job goes its way without its socket too.
  server.on('upgrade', (_request, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
