/** Stoker stops: nobody is left without an answer, and nothing keeps it from ending. */
import { afterEach, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost, untilHeld } from '../../support/gateway-host.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

it('what is held is told, what is on its way finishes, event streams and idle connections end', async () => {
  const held = await startGatewayHost({ asleep: true });
  const waiting = held.send('POST /prompt HTTP/1.1', 'Content-Length: 2\r\n', '{}');
  await untilHeld(held, 1);
  await held.gateway.close();
  const answer = await waiting.answer();
  expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([503, 'start_cancelled']);

  const host = await startGatewayHost({
    manager: (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: 1\n\n');
    },
  });
  const idle = host.connect();
  const events = host.send('GET /manager/events HTTP/1.1');
  await events.until('data: 1');
  const passing = host.send('GET /x HTTP/1.1');
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  const closing = host.gateway.close();
  upstream.write(httpAnswer('finished'));
  expect((await passing.answer()).body).toBe('finished');
  await closing;
  await Promise.all([idle.ended(), events.ended()]);
});

it('a request that does not end is cut after a few seconds', async () => {
  const clock = createManualClock();
  const host = await startGatewayHost({ clock });
  const client = host.send('GET /endless HTTP/1.1');
  await (await host.upstream.connection(0)).until('\r\n\r\n');
  const closing = host.gateway.close();
  await clock.advance(6_000);
  await closing;
  await client.ended();
});

it('nobody else comes in', async () => {
  const host = await startGatewayHost();
  await host.gateway.close();
  const late = host.connect();
  await late.ended();
  expect(late.text()).toBe('');
});
