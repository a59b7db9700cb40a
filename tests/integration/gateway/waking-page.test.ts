/** Opening ComfyUI while it sleeps: a page that starts it, for people; programs are held. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeGatewayHosts, startGatewayHost, untilHeld } from '../../support/gateway-host.ts';

afterEach(closeGatewayHosts);

const NAVIGATION =
  'Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: none\r\nAccept: text/html\r\n';

describe('a page that is opened while ComfyUI sleeps', () => {
  it('starts it and shows how that goes, without claiming to be ComfyUI', async () => {
    const host = await startGatewayHost({ asleep: true, expectedStartSeconds: 13 });
    const { status, head, body } = await host.send('GET /?workflow=1 HTTP/1.1', NAVIGATION).answer();
    expect(status).toBe(503);
    expect(head).toContain('Retry-After: 13');
    expect(head).toContain('Cache-Control: no-store');
    expect(body).toContain('<h1 id="headline">Waking ComfyUI…</h1>'.replace('…', '\xe2\x80\xa6'));
    expect(host.supervisor.asked).toEqual(['request']);
  });

  it('brings everything it needs, and a browser lets nothing else in', async () => {
    const host = await startGatewayHost({ asleep: true });
    const { head, body } = await host.send('GET / HTTP/1.1', NAVIGATION).answer();
    const nonce = /script-src 'nonce-([^']+)'/.exec(head)?.[1];
    expect(head).toContain("default-src 'none'");
    expect(body).toContain(`<script nonce="${nonce}">`);
    expect(body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(body).not.toMatch(/ on\w+="| style="/);
  });

  it('an older browser or a program that prefers HTML gets it too', async () => {
    const host = await startGatewayHost({ asleep: true });
    const client = host.send('GET / HTTP/1.1', 'Accept: text/html,*/*;q=0.8\r\n');
    expect(await client.until('\r\n\r\n')).toContain('Content-Type: text/html; charset=utf-8');
  });

  it.each([
    ['a program', '/', 'Accept: */*\r\n'],
    ['a script of the page', '/object_info', 'Sec-Fetch-Mode: cors\r\nAccept: text/html\r\n'],
    ['a link that downloads a picture', '/view?filename=a.png', NAVIGATION],
    ['a link that downloads a file', '/api/userdata/a.json', NAVIGATION],
  ])('%s is held instead', async (_who, target, fields) => {
    const host = await startGatewayHost({ asleep: true });
    const client = host.send(`GET ${target} HTTP/1.1`, fields);
    await untilHeld(host, 1);
    expect(client.text()).toBe('');
  });

  it('with the dashboard as home, / leads there and nothing is started', async () => {
    const host = await startGatewayHost({ asleep: true, network: { whenAsleepShow: 'dashboard' } });
    const { status, head } = await host.send('GET / HTTP/1.1', NAVIGATION).answer();
    expect(status).toBe(302);
    expect(head).toContain('Location: /manager\r\n');
    expect(host.supervisor.asked).toEqual([]);
  });
});
