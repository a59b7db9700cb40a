/** Work that takes long keeps ComfyUI awake while it lasts, under its own name (llama-swap#588). */
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

const NOTHING = { request: 0, held: 0, upload: 0, download: 0 };

it('an upload, its answer being made, and a download', async () => {
  const clock = createManualClock();
  const host = await startGatewayHost({ clock });
  const client = host.send('POST /upload HTTP/1.1', 'Content-Length: 10\r\n', 'hello');
  const upstream = await host.upstream.connection(0);
  await upstream.until('hello');
  await clock.advance(1000);
  expect(host.meter.snapshot().inFlight).toEqual({ ...NOTHING, upload: 1 });

  client.write('world');
  await upstream.until('helloworld');
  await clock.advance(1000);
  expect(host.meter.snapshot().inFlight).toEqual({ ...NOTHING, request: 1 });

  upstream.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello');
  await client.until('\r\n\r\nhello');
  await clock.advance(1000);
  expect(host.meter.snapshot().inFlight).toEqual({ ...NOTHING, download: 1 });

  upstream.write('world');
  await client.until('helloworld');
  expect(host.meter.snapshot()).toEqual({ inFlight: NOTHING, lastActivityAt: clock.now() });
});

it('a monitor’s long read does not', async () => {
  const clock = createManualClock();
  const host = await startGatewayHost({ clock });
  host.send('GET /internal/logs HTTP/1.1');
  await (await host.upstream.connection(0)).until('\r\n\r\n');
  await clock.advance(10_000);
  expect(host.meter.snapshot().inFlight).toEqual(NOTHING);
});

it('a request whose client has gone does not', async () => {
  const clock = createManualClock();
  const host = await startGatewayHost({ clock });
  const client = host.send('GET /slow HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  await clock.advance(1000);
  client.reset();
  await upstream.ended();
  expect(host.meter.snapshot().inFlight).toEqual(NOTHING);
});

it('asking ComfyUI-Manager to restart it announces a restart', async () => {
  const host = await startGatewayHost();
  const client = host.send('POST /api/manager/reboot HTTP/1.1', 'Content-Length: 0\r\n');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write(httpAnswer('{}'));
  await client.answer();
  expect(host.restartsExpected()).toBe(1);
});
