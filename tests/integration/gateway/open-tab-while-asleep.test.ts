/** What an open tab and a monitor ask on and on neither wakes ComfyUI nor keeps it awake (sablier#402), and is told the truth. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost } from '../../support/gateway-host.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

afterEach(closeGatewayHosts);

const HISTORY = { a: { outputs: {} }, b: { outputs: {} } };

describe('while ComfyUI sleeps', () => {
  it.each([
    ['/api/queue', { queue_running: [], queue_pending: [] }],
    ['/queue', { queue_running: [], queue_pending: [] }],
    ['/comfyui/queue', { queue_running: [], queue_pending: [] }],
    ['/prompt', { exec_info: { queue_remaining: 0 } }],
    ['/api/history?max_items=64', HISTORY],
    ['/api/history?max_items=1', { b: HISTORY.b }],
    ['/history/a', { a: HISTORY.a }],
    ['/history/unknown', {}],
    [
      '/api/jobs?status=completed,failed&limit=1',
      {
        jobs: [{ id: 'a', status: 'completed', priority: 0, outputs_count: 0 }],
        pagination: { offset: 0, limit: 1, total: 2, has_more: true },
      },
    ],
  ])('GET %s', async (target, expected) => {
    const host = await startGatewayHost({ asleep: true, history: HISTORY });
    const { status, body, head } = await host.send(`GET ${target} HTTP/1.1`).answer();
    expect([status, JSON.parse(body)]).toEqual([200, expected]);
    expect(head).toContain('Content-Type: application/json; charset=utf-8');
    expect(host.supervisor.asked).toEqual([]);
  });

  it.each(['/system_stats', '/api/features', '/internal/logs', '/api/jobs/unknown', '/favicon.ico'])(
    'GET %s only ComfyUI knows: 503 that says so',
    async (target) => {
      const host = await startGatewayHost({ asleep: true, expectedStartSeconds: 13 });
      const { status, head, body } = await host.send(`GET ${target} HTTP/1.1`).answer();
      expect([status, JSON.parse(body).error.code]).toEqual([503, 'asleep']);
      expect(head).toContain('Retry-After: 13');
      expect(host.supervisor.asked).toEqual([]);
    },
  );

  it('HEAD gets the same without a body', async () => {
    const host = await startGatewayHost({ asleep: true });
    const client = host.send('HEAD / HTTP/1.1', 'Connection: close\r\n');
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 /);
    await client.ended();
    expect(client.text()).toMatch(/\r\n\r\n$/);
  });

  it('a page the browser only guesses is not started for', async () => {
    const host = await startGatewayHost({ asleep: true });
    const fields = 'Sec-Purpose: prefetch;prerender\r\nSec-Fetch-Mode: navigate\r\nAccept: text/html\r\n';
    expect(await host.send('GET / HTTP/1.1', fields).until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 /);
    expect(host.supervisor.asked).toEqual([]);
  });

  it('with idle.everyRequestCounts they wake it, as in the reference system', async () => {
    const host = await startGatewayHost({ asleep: true, idle: { everyRequestCounts: true } });
    const client = host.send('GET /queue HTTP/1.1');
    host.supervisor.wake();
    const upstream = await host.upstream.connection(0);
    await upstream.until('GET /queue ');
    upstream.write(httpAnswer('{}'));
    expect((await client.answer()).status).toBe(200);
  });
});

describe('while ComfyUI runs', () => {
  it('they pass, and leave the idle time as it is', async () => {
    const host = await startGatewayHost();
    const before = host.meter.snapshot();
    const client = host.send('GET /api/queue HTTP/1.1');
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write(httpAnswer('{}'));
    await client.answer();
    expect(host.meter.snapshot()).toEqual(before);
  });

  it('a real request sets it back', async () => {
    const clock = createManualClock();
    const host = await startGatewayHost({ clock });
    await clock.advance(5000);
    host.send('GET /object_info HTTP/1.1');
    await host.upstream.connection(0);
    expect(host.meter.snapshot().lastActivityAt).toBe(clock.now());
  });
});
