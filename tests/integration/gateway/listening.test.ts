/** Where the gateway listens, and what it says when it cannot. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import { ask } from '../../support/http-ask.ts';

afterEach(closeGatewayHosts);

it('a port that another program holds is named, and that program left alone (krita-ai-diffusion#390)', async () => {
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as AddressInfo;
  await expect(startGatewayHost({ network: { port } })).rejects.toMatchObject({
    code: 'public_port_taken',
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
  expect(stranger.listening).toBe(true);
  await new Promise((resolve) => stranger.close(resolve));
});

it('an open door needs a key (ComfyUI#8361)', async () => {
  await expect(startGatewayHost({ network: { host: '0.0.0.0' } })).rejects.toMatchObject({
    code: 'token_needed_for_address',
  });
});

it('with a key the door may be open; its address is told as this computer reaches it', async () => {
  const host = await startGatewayHost({ network: { host: '0.0.0.0', token: 'a-token-of-enough-length' } });
  expect(host.url).toBe(`http://127.0.0.1:${host.port}`);
  expect((await ask(`${host.url}/manager/status`)).status).toBe(401);
});

it('an address of another computer', async () => {
  await expect(
    startGatewayHost({ network: { host: '192.0.2.1', token: 'a-token-of-enough-length' } }),
  ).rejects.toMatchObject({ code: 'invalid_settings' });
});
