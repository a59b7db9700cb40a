/** `Expect: 100-continue`: the client waits with its body until ComfyUI wants it, which is after it woke and not before. */
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost, untilHeld } from '../../support/gateway-host.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

const FIELDS = 'Content-Length: 5\r\nExpect: 100-continue\r\n';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

it('the 100 is ComfyUI’s own, and the body follows it', async () => {
  const host = await startGatewayHost();
  const client = host.send('POST /upload HTTP/1.1', FIELDS);
  const upstream = await host.upstream.connection(0);
  expect(await upstream.until('\r\n\r\n')).toContain('Expect: 100-continue\r\n');
  expect(client.text()).toBe('');
  upstream.write(CONTINUE);
  await client.until(CONTINUE);
  client.write('hello');
  await upstream.until('\r\n\r\nhello');
  upstream.write(httpAnswer('done'));
  await client.until('done');
});

it('while ComfyUI sleeps there is none, and the client keeps its body', async () => {
  const host = await startGatewayHost({ asleep: true });
  const client = host.send('POST /upload HTTP/1.1', FIELDS);
  await untilHeld(host, 1);
  expect(client.text()).toBe('');
  host.supervisor.wake();
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  expect(client.text()).toBe('');
  upstream.write(CONTINUE);
  await client.until(CONTINUE);
});

it('a refusal comes instead of it, and the connection ends: what follows could be body or request', async () => {
  const host = await startGatewayHost();
  const client = host.send('POST /upload HTTP/1.1', FIELDS);
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write(httpAnswer('too large', '', '413 Payload Too Large'));
  expect(await client.until('too large')).toMatch(/^HTTP\/1\.1 413 .*\r\nConnection: close\r\n/s);
  await client.ended();
});

it('our own refusal as well', async () => {
  const host = await startGatewayHost();
  const client = host.send('POST /upload HTTP/1.1', `${FIELDS}Origin: http://evil.example\r\n`);
  expect(await client.until('origin_not_allowed')).toMatch(/\r\nConnection: close\r\n/);
  await client.ended();
  expect(host.upstream.connections).toHaveLength(0);
});

it('a client that does not wait is not made to', async () => {
  const host = await startGatewayHost();
  host.send('POST /upload HTTP/1.1', FIELDS, 'hello');
  await (await host.upstream.connection(0)).until('\r\n\r\nhello');
});

it('a client that did not ask gets none', async () => {
  const host = await startGatewayHost();
  const client = host.send('POST /upload HTTP/1.1', 'Content-Length: 5\r\n', 'hello');
  const upstream = await host.upstream.connection(0);
  await upstream.until('hello');
  upstream.write(CONTINUE + httpAnswer('done'));
  expect((await client.answer()).status).toBe(200);
});
