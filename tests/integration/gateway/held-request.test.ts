/** A real request wakes ComfyUI and waits for it. */
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../engine/platform/app-error.ts';
import { closeGatewayHosts, startGatewayHost, untilHeld } from '../../support/gateway-host.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';
import { until } from '../../support/until.ts';

afterEach(closeGatewayHosts);

const PROMPT = '{"prompt":{}}';
const PROMPT_FIELDS = `Content-Length: ${PROMPT.length}\r\n`;

describe('a prompt while ComfyUI sleeps', () => {
  it.each(['/prompt', '/api/prompt', '/comfyui/api/prompt'])('POST %s wakes it and gets its answer', async (path) => {
    const host = await startGatewayHost({ asleep: true });
    const client = host.send(`POST ${path} HTTP/1.1`, PROMPT_FIELDS, PROMPT);
    await untilHeld(host, 1);
    expect(host.supervisor.asked).toEqual(['request']);
    expect(host.meter.snapshot().inFlight.held).toBe(1);
    host.supervisor.wake();
    const upstream = await host.upstream.connection(0);
    await upstream.until(PROMPT);
    expect(host.gateway.heldRequests()).toBe(0);
    expect(host.meter.snapshot().inFlight.held).toBe(0);
    upstream.write(httpAnswer('{"prompt_id":"1"}'));
    expect((await client.answer()).body).toBe('{"prompt_id":"1"}');
  });

  it('is passed on only when the tab’s socket can hear it', async () => {
    const barriers: (() => void)[] = [];
    const host = await startGatewayHost({
      asleep: true,
      readyBarrier: () => new Promise((resolve) => barriers.push(resolve)),
    });
    host.send('POST /prompt HTTP/1.1', PROMPT_FIELDS, PROMPT);
    await untilHeld(host, 1);
    host.supervisor.wake();
    await until(() => barriers.length === 1);
    expect(host.upstream.connections).toHaveLength(0);
    for (const release of barriers) release();
    await (await host.upstream.connection(0)).until(PROMPT);
  });

  it('makes the queue doubtful before it is passed on and after it is answered', async () => {
    const host = await startGatewayHost();
    const client = host.send('POST /api/prompt HTTP/1.1', PROMPT_FIELDS, PROMPT);
    const upstream = await host.upstream.connection(0);
    await upstream.until(PROMPT);
    expect(host.queueDoubts()).toBe(1);
    upstream.write(httpAnswer('{}'));
    await client.answer();
    expect(host.queueDoubts()).toBe(2);
  });
});

describe('a start that fails', () => {
  it('tells why, and when to ask again', async () => {
    const host = await startGatewayHost({ asleep: true });
    const client = host.send('POST /prompt HTTP/1.1', PROMPT_FIELDS, PROMPT);
    await untilHeld(host, 1);
    host.supervisor.fail(new AppError('exited_early', 'ComfyUI ended with exit code 1.'));
    const { status, head, body } = await client.answer();
    expect(status).toBe(502);
    expect(head).toMatch(/\r\nRetry-After: \d+/);
    expect(JSON.parse(body)).toMatchObject({
      source: 'stoker',
      error: { code: 'exited_early', message: 'ComfyUI ended with exit code 1.' },
    });
  });
});

describe('a client that goes away while it waits', () => {
  it('is let go, and the start goes on for others', async () => {
    const host = await startGatewayHost({ asleep: true });
    const leaving = host.send('GET /object_info HTTP/1.1');
    const staying = host.send('GET /object_info HTTP/1.1');
    await untilHeld(host, 2);
    leaving.reset();
    await untilHeld(host, 1);
    expect(host.meter.snapshot().inFlight.held).toBe(1);
    host.supervisor.wake();
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write(httpAnswer('{}'));
    expect((await staying.answer()).status).toBe(200);
    expect(host.upstream.connections).toHaveLength(1);
  });
});

describe('too many that wait', () => {
  it('are told so at once, with a time', async () => {
    const host = await startGatewayHost({ asleep: true, expectedStartSeconds: 13 });
    for (let count = 0; count < 1000; count += 1) host.send('GET /object_info HTTP/1.1');
    await untilHeld(host, 1000);
    const { status, head, body } = await host.send('GET /object_info HTTP/1.1').answer();
    expect([status, JSON.parse(body).error.code]).toEqual([503, 'too_many_held']);
    expect(head).toContain('Retry-After: 13');
  });
});

describe('interrupting', () => {
  it('nothing, while it sleeps: 200 as ComfyUI, and it sleeps on', async () => {
    const host = await startGatewayHost({ asleep: true });
    expect((await host.send('POST /interrupt HTTP/1.1', 'Content-Length: 2\r\n', '{}').answer()).status).toBe(200);
    expect(host.supervisor.asked).toEqual([]);
  });

  it('a prompt that is held: it comes after the prompt, not before', async () => {
    const host = await startGatewayHost({ asleep: true });
    host.send('POST /prompt HTTP/1.1', PROMPT_FIELDS, PROMPT);
    await untilHeld(host, 1);
    host.send('POST /interrupt HTTP/1.1', 'Content-Length: 2\r\n', '{}');
    await untilHeld(host, 2);
    host.supervisor.wake();
    expect(await (await host.upstream.connection(0)).until('\r\n\r\n')).toMatch(/^POST \/prompt /);
    expect(await (await host.upstream.connection(1)).until('\r\n\r\n')).toMatch(/^POST \/interrupt /);
  });
});
