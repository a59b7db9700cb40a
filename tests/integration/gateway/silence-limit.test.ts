/** 300 s without a byte in either direction end a request; 300 s of work that trickles do not. */
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import { createManualClock } from '../../support/manual-clock.ts';

afterEach(closeGatewayHosts);

it('no answer: 504 with the limit in it', async () => {
  const clock = createManualClock();
  const host = await startGatewayHost({ clock, network: { silenceTimeoutSeconds: 300 } });
  const client = host.send('GET /slow HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  await clock.advance(301_000);
  const { status, body } = await client.answer();
  expect(status).toBe(504);
  expect(JSON.parse(body).error).toMatchObject({ code: 'upstream_silent', message: expect.stringContaining('300 s') });
  await upstream.ended();
});

it('an answer that stopped: the client’s connection is reset', async () => {
  const clock = createManualClock();
  const host = await startGatewayHost({ clock, network: { silenceTimeoutSeconds: 10 } });
  const client = host.send('GET /slow HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel');
  await client.until('hel');
  await clock.advance(12_000);
  expect(await client.ended()).toBe('reset');
});

it('the limit is of silence, not of the whole', async () => {
  const clock = createManualClock();
  const host = await startGatewayHost({ clock, network: { silenceTimeoutSeconds: 10 } });
  const client = host.send('GET /slow HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');
  await client.until('\r\n\r\n');
  for (const [index, letter] of [...'hello'].entries()) {
    await clock.advance(8_000);
    upstream.write(letter);
    await client.until(`\r\n\r\n${'hello'.slice(0, index + 1)}`);
  }
});

it('a new limit counts for what is on its way already', async () => {
  const clock = createManualClock();
  const host = await startGatewayHost({ clock, network: { silenceTimeoutSeconds: 300 } });
  const client = host.send('GET /slow HTTP/1.1');
  await (await host.upstream.connection(0)).until('\r\n\r\n');
  await clock.advance(20_000);
  host.changeNetwork({ silenceTimeoutSeconds: 5 });
  await clock.advance(1_000);
  expect((await client.answer()).status).toBe(504);
});
