/**
 * Both ends of a large upload or download in a process of their own, so that the test's process holds the gateway alone.
 * Serves as ComfyUI (`POST /sink` counts and answers the count, `GET /source?bytes=N` sends) and, when told a gateway's port, as its client.
 */
import { createServer, request } from 'node:http';

const piece = Buffer.alloc(1024 * 1024, 'x');

const server = createServer((incoming, response) => {
  const url = new URL(incoming.url, 'http://x');
  if (url.pathname === '/source') {
    const bytes = Number(url.searchParams.get('bytes'));
    response.writeHead(200, { 'Content-Length': bytes });
    pump(response, bytes);
    return;
  }
  let received = 0;
  incoming.on('data', (chunk) => {
    received += chunk.length;
  });
  incoming.on('end', () => response.end(String(received)));
});

function pump(target, bytes) {
  let left = bytes;
  const go = () => {
    while (left > 0) {
      const size = Math.min(left, piece.length);
      left -= size;
      if (!target.write(size === piece.length ? piece : piece.subarray(0, size)) && left > 0) {
        target.once('drain', go);
        return;
      }
    }
    target.end();
  };
  go();
}

process.on('message', ({ kind, port, bytes, chunked }) => {
  const upload = kind === 'upload';
  const outgoing = request(
    {
      port,
      host: '127.0.0.1',
      path: upload ? '/sink' : `/source?bytes=${bytes}`,
      method: upload ? 'POST' : 'GET',
      headers: upload && !chunked ? { 'Content-Length': bytes } : {},
    },
    (response) => {
      let received = 0;
      let text = '';
      response.on('data', (chunk) => {
        received += chunk.length;
        if (upload) text += chunk;
      });
      response.on('end', () => process.send({ kind: 'done', bytes: upload ? Number(text) : received }));
    },
  );
  outgoing.on('error', (error) => process.send({ kind: 'failed', message: String(error) }));
  if (upload) pump(outgoing, bytes);
  else outgoing.end();
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send({ kind: 'listening', port: server.address().port }));
