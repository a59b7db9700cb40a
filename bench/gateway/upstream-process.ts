/** The upstream of the bench, a process of its own: a small JSON answer, bodies of any size both ways, and frames that carry their time. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** As long as ComfyUI's `GET /system_stats` on a machine with one GPU. */
const JSON_ANSWER = Buffer.from(
  JSON.stringify({
    system: {
      os: 'posix',
      ram_total: 67_430_809_600,
      ram_free: 50_000_000_000,
      comfyui_version: '0.3.64',
      argv: ['main.py'],
    },
    devices: [{ name: 'cuda:0 NVIDIA H200 : cudaMallocAsync', type: 'cuda', index: 0, vram_total: 1, vram_free: 1 }],
  }),
);
const SMALL_HEAD = ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', String(JSON_ANSWER.length)];
const piece = Buffer.alloc(1024 * 1024, 'x');

/** What the bench asks over IPC: so many progress frames, spread over all sockets, this far apart. */
export interface FrameOrder {
  readonly frames: number;
  readonly gapMs: number;
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const url = request.url ?? '/';
  if (request.method === 'POST') {
    request.resume();
    request.on('end', () => response.end('{}'));
  } else if (url.startsWith('/big')) {
    sendBytes(response, Number(new URL(url, 'http://x').searchParams.get('bytes')));
  } else {
    response.writeHead(200, SMALL_HEAD);
    response.end(JSON_ANSWER);
  }
});

function sendBytes(response: ServerResponse, bytes: number): void {
  response.writeHead(200, ['Content-Type', 'application/octet-stream', 'Content-Length', String(bytes)]);
  let left = bytes;
  const go = (): void => {
    while (left > 0) {
      const size = Math.min(left, piece.length);
      left -= size;
      if (!response.write(piece.subarray(0, size)) && left > 0) {
        response.once('drain', go);
        return;
      }
    }
    response.end();
  };
  go();
}

const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const sid = new URL(request.url ?? '/', 'http://x').searchParams.get('clientId') ?? 'none';
  socket.send(JSON.stringify({ type: 'status', data: { status: { exec_info: { queue_remaining: 0 } }, sid } }));
});

process.on('message', ({ frames, gapMs }: FrameOrder) => {
  const open = [...sockets.clients].filter((socket) => socket.readyState === WebSocket.OPEN);
  let sent = 0;
  const timer = setInterval(() => {
    // Monotonic time is one for all processes of a computer.
    const data = {
      value: sent,
      max: frames,
      prompt_id: 'bench',
      node: '3',
      sentAt: process.hrtime.bigint().toString(),
    };
    open[sent % open.length]?.send(JSON.stringify({ type: 'progress', data }));
    sent += 1;
    if (sent < frames) return;
    clearInterval(timer);
    process.send?.({ sent });
  }, gapMs);
});
process.on('disconnect', () => process.exit(0));

server.listen(0, '127.0.0.1', 1024, () => process.send?.({ port: (server.address() as AddressInfo).port }));
