/** Known attacks on local servers, replayed: what a foreign web page can make a browser send must not reach ComfyUI. */
import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { closeGatewayHosts, type GatewayHost, startGatewayHost } from '../../support/gateway-host.ts';

afterEach(closeGatewayHosts);

interface Answer {
  readonly status: number;
  readonly code: string | null;
  readonly text: string;
  readonly cookies: readonly string[];
  readonly location: string | undefined;
}

function ask(
  host: GatewayHost,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: '127.0.0.1', port: host.port, path: target, method, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            code: /(?:"code":"|<code>)(\w+)/.exec(text)?.[1] ?? null,
            text,
            cookies: response.headers['set-cookie'] ?? [],
            location: response.headers.location,
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe.each(['/prompt', '/api/prompt', '/manager/stop', '/comfyui/upload/image'])('POST %s', (target) => {
  it.each([
    ['DNS rebinding (CVE-2024-28224)', { Host: 'evil.example:8188' }, 'host_not_allowed'],
    ['a form of another site (CVE-2024-10481)', { Origin: 'http://evil.example' }, 'origin_not_allowed'],
    ['a sandboxed frame or a file (Origin: null)', { Origin: 'null' }, 'origin_not_allowed'],
    ['another local port', { Origin: 'http://localhost:5173' }, 'origin_not_allowed'],
    ['no Origin but a foreign site', { 'Sec-Fetch-Site': 'cross-site' }, 'origin_not_allowed'],
  ])('%s', async (_attack, headers, code) => {
    const host = await startGatewayHost();
    const answer = await ask(host, target, { 'Content-Type': 'text/plain', ...headers }, 'POST', '{"prompt":{}}');
    expect([answer.status, answer.code]).toEqual([403, code]);
    expect(host.upstream.connections).toHaveLength(0);
  });
});

it('a foreign page cannot wake the GPU with a picture element', async () => {
  const host = await startGatewayHost({ asleep: true });
  const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' };
  expect((await ask(host, '/view?filename=a.png', headers)).code).toBe('origin_not_allowed');
  expect(host.supervisor.asked).toEqual([]);
});

it('a rebound page cannot read the manager', async () => {
  const host = await startGatewayHost();
  expect((await ask(host, '/manager/status', { Host: `evil.example:${host.port}` })).code).toBe('host_not_allowed');
});

it('nor open a WebSocket', async () => {
  const host = await startGatewayHost();
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n';
  const foreign = host.send('GET /ws HTTP/1.1', `${upgrade}Origin: http://evil.example\r\n`);
  expect(await foreign.until('origin_not_allowed')).toMatch(/^HTTP\/1\.1 403 /);
  const own = host.send('GET /ws HTTP/1.1', `${upgrade}Origin: http://127.0.0.1:${host.port}\r\n`);
  expect(await own.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 101 /);
  expect(host.upgrades).toHaveLength(1);
});

it('a person who followed a link gets a page that says so, and decides', async () => {
  const host = await startGatewayHost();
  const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
  const answer = await ask(host, '/customnode/install?x="><script>', { ...link, Accept: 'text/html' });
  expect(answer.status).toBe(403);
  expect(answer.text).toContain('<code>origin_not_allowed</code>');
  expect(answer.text).toContain('href="/customnode/install?x=&#34;&#62;&#60;script&#62;"');
});

it('the explicit name of ComfyUI’s paths is no way round: neither to its own /manager by a link, nor past the token', async () => {
  const host = await startGatewayHost();
  const link = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
  expect((await ask(host, '/comfyui/manager/reboot', link)).code).toBe('origin_not_allowed');
  host.changeNetwork({ token: 'a-token-of-enough-length' });
  expect((await ask(host, '/comfyui/manager/login?token=x')).code).toBe('token_required');
  expect(host.upstream.connections).toHaveLength(0);
});

it('a name the user allows is let in at once, without a restart', async () => {
  const host = await startGatewayHost();
  const headers = { Host: 'comfy.example' };
  expect((await ask(host, '/manager/x', headers)).status).toBe(403);
  host.changeNetwork({ allowedHosts: ['comfy.example'] });
  expect((await ask(host, '/manager/x', headers)).status).toBe(200);
});

describe('the access token', () => {
  const TOKEN = 'a-token-of-enough-length';
  const start = (): Promise<GatewayHost> => startGatewayHost({ network: { token: TOKEN } });

  it('is needed for everything, in one of its two forms', async () => {
    const host = await start();
    expect([(await ask(host, '/manager/status')).code, (await ask(host, '/prompt', {}, 'POST')).code]).toEqual([
      'token_required',
      'token_required',
    ]);
    expect((await ask(host, '/manager/status', { Authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await ask(host, '/manager/status', { Authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('a browser signs in once and is not asked again', async () => {
    const host = await start();
    const login = await ask(host, `/manager/login?token=${TOKEN}`);
    expect([login.status, login.location]).toEqual([303, '/manager']);
    const [cookie] = login.cookies;
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect((await ask(host, '/manager/status', { Cookie: cookie?.split(';')[0] ?? '' })).status).toBe(200);
  });

  it('a wrong one gives no cookie', async () => {
    const host = await start();
    const login = await ask(host, '/manager/login?token=wrong');
    expect([login.status, login.cookies]).toEqual([401, []]);
  });

  it('a person is offered a form', async () => {
    const host = await start();
    const page = await ask(host, '/', { Accept: 'text/html' });
    expect(page.status).toBe(401);
    expect(page.text).toContain('<form class="actions" action="/manager/login"');
  });

  it('ComfyUI and its custom nodes never see it', async () => {
    const host = await start();
    const cookie = (await ask(host, `/manager/login?token=${TOKEN}`)).cookies[0]?.split(';')[0];
    host.send('GET /1 HTTP/1.1', `Authorization: Bearer ${TOKEN}\r\n`);
    host.send('GET /2 HTTP/1.1', `Cookie: a=1; ${cookie}\r\nAuthorization: Basic eDp5\r\n`);
    const first = await (await host.upstream.connection(0)).until('\r\n\r\n');
    const second = await (await host.upstream.connection(1)).until('\r\n\r\n');
    expect(first + second).not.toMatch(/stoker_token|Bearer|a-token-of/);
    expect(first + second).toContain('Cookie: a=1\r\nAuthorization: Basic eDp5\r\n');
  });

  it('guessing is slowed down, and the right one still let in', async () => {
    const host = await start();
    const codes: (string | null)[] = [];
    for (let guess = 0; guess < 15; guess += 1) {
      codes.push((await ask(host, '/prompt', { Authorization: `Bearer wrong-${guess}` }, 'POST')).code);
    }
    expect(codes).toContain('too_many_attempts');
    expect((await ask(host, '/manager/status', { Authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  });

  it('a new token counts at once', async () => {
    const host = await start();
    host.changeNetwork({ token: 'another-token-entirely' });
    expect((await ask(host, '/manager/status', { Authorization: `Bearer ${TOKEN}` })).status).toBe(401);
  });
});
