/** http-proxy-3 with connections kept, in a process of its own. */
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProxyServer } from 'http-proxy-3';

const proxy = createProxyServer({
  target: `http://127.0.0.1:${process.argv[2]}`,
  agent: new Agent({ keepAlive: true }),
});
proxy.on('error', () => undefined);
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => proxy.web(request, response));
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', 1024, () => process.send?.({ port: (server.address() as AddressInfo).port }));
