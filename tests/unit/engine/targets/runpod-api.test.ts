/** Whether a submission may have been taken is what money hangs on: told by what really happened on the wire. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createRunpodApi } from '../../../../engine/targets/runpod/runpod-api.ts';

const api = createRunpodApi();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function submitTo(port: number): Promise<unknown> {
  const endpoint = { baseUrl: `http://127.0.0.1:${port}/v2`, endpointId: 'e1', key: 'k' };
  return api.run(endpoint, { workflow: {} }, { executionTimeoutMs: 1000, ttlMs: 1000 });
}
async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

it('was certainly not taken where nobody listens', async () => {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  await expect(submitTo(port)).rejects.toMatchObject({
    code: 'runpod_unreachable',
    message: 'RunPod did not answer (ECONNREFUSED).',
    details: { mayHaveRun: false },
  });
});

it('may have been taken where the connection ended after it was sent', async () => {
  const port = await listening(createServer((socket) => socket.on('data', () => socket.destroy())));
  await expect(submitTo(port)).rejects.toMatchObject({ code: 'runpod_unreachable', details: { mayHaveRun: true } });
});
