/** Bad, slow, dead and too many clients: each is dealt with alone, and nobody else notices. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../engine/platform/app-error.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { clientFrame, cutRawUpgrades, rawUpgrade } from '../../support/raw-upgrade.ts';
import { closeRelayHosts, startRelayHost } from '../../support/relay-host.ts';
import { type ScriptedComfyui, startScriptedComfyui } from '../../support/scripted-comfyui.ts';
import { connectSocket, cutSocketClients, type SocketClient } from '../../support/socket-client.ts';
import { until } from '../../support/until.ts';

let comfy: ScriptedComfyui;
beforeEach(async () => {
  comfy = await startScriptedComfyui();
});
afterEach(async () => {
  cutSocketClients();
  cutRawUpgrades();
  await closeRelayHosts();
  await comfy.close();
});

const TEXT = 0x81;
const BINARY = 0x82;

describe('refused', () => {
  it('over the limit: 503 with a code and what to do, and a place that comes free can be taken', async () => {
    const host = await startRelayHost({ maxSockets: 2 });
    const first = await connectSocket(`${host.url}/ws`);
    await connectSocket(`${host.url}/ws`);
    const third = await rawUpgrade(host.port, '/ws');
    expect(third.status()).toBe(503);
    expect(third.body()).toMatchObject({
      source: 'stoker',
      error: { code: 'too_many_sockets', details: { next: /./ } },
    });
    first.socket.close();
    await until(() => host.relay.count() === 1);
    expect((await rawUpgrade(host.port, '/ws')).status()).toBe(101);
  });

  it('by the access checks, with their error', async () => {
    const host = await startRelayHost({
      authorize: ({ headers }) =>
        headers.origin === 'http://evil.example' ? new AppError('origin_not_allowed', 'Not from there.') : null,
    });
    const evil = await rawUpgrade(host.port, '/ws', { Origin: 'http://evil.example' });
    expect(evil.status()).toBe(403);
    expect(evil.body()).toMatchObject({ error: { code: 'origin_not_allowed' } });
    await evil.ended();
    expect(host.relay.count()).toBe(0);
  });

  it.each<[string, Record<string, string>, number]>([
    ['no key', { 'Sec-WebSocket-Key': 'x' }, 400],
    ['another version', { 'Sec-WebSocket-Version': '7' }, 400],
    ['another protocol', { Upgrade: 'h2c' }, 400],
  ])('a handshake with %s', async (_name, headers, status) => {
    const host = await startRelayHost();
    const refused = await rawUpgrade(host.port, '/ws', headers);
    expect(refused.status()).toBe(status);
    expect(refused.body()).toMatchObject({ source: 'stoker', error: { code: 'request_malformed' } });
    expect(host.relay.count()).toBe(0);
  });

  it('below /manager there is none', async () => {
    const host = await startRelayHost();
    expect((await rawUpgrade(host.port, '/manager/events')).status()).toBe(404);
  });
});

describe('a socket of a custom node', () => {
  it('does not wake ComfyUI: 503 asleep', async () => {
    const host = await startRelayHost();
    const refused = await rawUpgrade(host.port, '/crystools/monitor');
    expect(refused.status()).toBe(503);
    expect(refused.body()).toMatchObject({ error: { code: 'asleep' } });
  });

  it('passes through byte by byte, with ComfyUI as its Host and Origin and without our token', async () => {
    const host = await startRelayHost({ tokenFilter: () => null });
    host.supervisor.run(comfy.port);
    const tunnel = await rawUpgrade(host.port, '/comfyui/crystools/monitor?clientId=raw', {
      Origin: `http://127.0.0.1:${host.port}`,
      Cookie: 'stoker=SECRET',
      'Sec-Fetch-Site': 'cross-site',
    });
    expect(tunnel.status()).toBe(101);
    await comfy.connections(1);
    const { request } = comfy.sockets[0] ?? {};
    expect(request?.url).toBe('/crystools/monitor?clientId=raw');
    expect(request?.headers).toMatchObject({
      host: `127.0.0.1:${comfy.port}`,
      origin: `http://127.0.0.1:${comfy.port}`,
    });
    expect(request?.headers).not.toHaveProperty('sec-fetch-site');
    expect(JSON.stringify(request?.headers)).not.toContain('SECRET');
    tunnel.socket.write(clientFrame(TEXT, Buffer.from('hello')));
    await until(() => comfy.sockets[0]?.received.includes('hello') === true);
    comfy.tellBinary('raw', Buffer.from('answer'));
    await until(() => tunnel.text().endsWith('answer'));
    expect(host.relay.count()).toBe(1);
    tunnel.socket.destroy();
    await until(() => host.relay.count() === 0 && comfy.open().length === 0);
  });

  it('ends with ComfyUI', async () => {
    const host = await startRelayHost();
    host.supervisor.run(comfy.port);
    const tunnel = await rawUpgrade(host.port, '/monitor?clientId=raw');
    await comfy.connections(1);
    comfy.sockets[0]?.socket.terminate();
    await tunnel.ended();
    expect(host.relay.count()).toBe(0);
  });

  it('that ComfyUI does not have is answered by ComfyUI, and nothing more of the client gets through', async () => {
    comfy.handshakeStatus = 404;
    const host = await startRelayHost();
    host.supervisor.run(comfy.port);
    const refused = await rawUpgrade(host.port, '/no-such-socket');
    expect(refused.status()).toBe(404);
    refused.socket.write('GET /queue HTTP/1.1\r\nHost: x\r\n\r\n');
    await refused.ended();
    expect(comfy.requests).toEqual([]);
  });

  it('to a ComfyUI that just died is refused, not hung', async () => {
    const host = await startRelayHost();
    host.supervisor.run(comfy.port);
    await comfy.close();
    const refused = await rawUpgrade(host.port, '/monitor');
    expect(refused.status()).toBe(502);
    expect(refused.body()).toMatchObject({ error: { code: 'upstream_unreachable' } });
    comfy = await startScriptedComfyui();
  });
});

describe('garbage ends the one who sent it', () => {
  it.each<[string, Buffer, number]>([
    ['reserved bits', Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), 1002],
    ['an unmasked frame', Buffer.from([0x81, 0x01, 65]), 1002],
    ['an unknown opcode', clientFrame(0x83, Buffer.alloc(0)), 1002],
    ['text that is no UTF-8', clientFrame(TEXT, Buffer.from([0xff, 0xfe])), 1007],
    ['a message over the limit', clientFrame(BINARY, Buffer.alloc(4 * 1024 * 1024 + 1)), 1009],
    ['a close frame with a code that may not be sent', clientFrame(0x88, Buffer.from([0x03, 0xed])), 1002],
  ])('%s', async (_name, bytes, code) => {
    const host = await startRelayHost();
    host.supervisor.run(comfy.port);
    const other = await connectSocket(`${host.url}/ws?clientId=other`);
    await other.heard(1);
    const bad = await rawUpgrade(host.port, '/ws?clientId=bad');
    bad.socket.write(bytes);
    const closeFrame = Buffer.from([0x88, 0x02, code >> 8, code & 0xff]).toString('latin1');
    await until(() => bad.text().includes(closeFrame));
    bad.socket.destroy();
    await until(() => host.relay.count() === 1);
    comfy.tell('other', 'marker', {});
    await other.heard(2);
    expect(other.closedWith).toBeNull();
  });

  it('also when ComfyUI sends it: the client is dialled again', async () => {
    const host = await startRelayHost();
    host.supervisor.run(comfy.port);
    const tab = await connectSocket(`${host.url}/ws?clientId=tab`);
    await tab.heard(1);
    const upstream = comfy.sockets[0]?.socket as unknown as { _socket: { write(data: Buffer): void } };
    upstream._socket.write(Buffer.from([0xf1, 0x01, 65]));
    await comfy.connections(2);
    comfy.tell('tab', 'marker', {});
    await until(() => tab.types().includes('marker'));
    expect(tab.closedWith).toBeNull();
  });
});

describe('a client that does not read', () => {
  const frame = (format: number): Buffer => {
    const data = Buffer.alloc(256 * 1024);
    data.writeUInt32BE(1, 0);
    data.writeUInt32BE(format, 4);
    return data;
  };
  const JPEG = frame(1);
  const PNG = frame(2);

  async function slowAndQuick(): Promise<{ slow: SocketClient; quick: SocketClient }> {
    const host = await startRelayHost();
    host.supervisor.run(comfy.port);
    const slow = await connectSocket(`${host.url}/ws?clientId=slow`);
    const quick = await connectSocket(`${host.url}/ws?clientId=quick`);
    await Promise.all([slow.heard(1), quick.heard(1)]);
    slow.socket.pause();
    return { slow, quick };
  }

  it('loses previews, no words and no results, and keeps its connection', async () => {
    const { slow, quick } = await slowAndQuick();
    for (let step = 0; step < 200; step += 1) {
      comfy.tellBinary('slow', JPEG);
      comfy.tell('slow', 'progress', { prompt_id: 'p', node: '1', value: step, max: 200 });
    }
    comfy.tellBinary('slow', PNG);
    comfy.tell('slow', 'execution_success', { prompt_id: 'p' });
    comfy.tell('quick', 'marker', {});
    await quick.heard(2);
    await until(() => (comfy.sockets[0]?.socket.bufferedAmount ?? 1) === 0);
    slow.socket.resume();
    await slow.heard(202);
    expect(slow.messages.slice(1, 201).map(({ data }) => data.value)).toEqual(
      Array.from({ length: 200 }, (_, step) => step),
    );
    const formats = slow.binaries.map((data) => data.readUInt32BE(4));
    expect(formats.filter((format) => format === 2)).toHaveLength(1);
    expect(formats.length).toBeLessThan(150);
    expect(slow.closedWith).toBeNull();
  });

  it('is closed with 1013 when what must not be lost piles up', async () => {
    const { slow, quick } = await slowAndQuick();
    for (let count = 0; count < 200; count += 1) comfy.tellBinary('slow', PNG);
    comfy.tell('quick', 'marker', {});
    await quick.heard(2);
    await until(() => (comfy.sockets[0]?.socket.bufferedAmount ?? 1) === 0);
    slow.socket.resume();
    expect(await slow.closed()).toBe(1013);
  });

  it('and one that sends without end is held back instead of filling the memory', async () => {
    const host = await startRelayHost();
    host.supervisor.run(comfy.port);
    const loud = await connectSocket(`${host.url}/ws?clientId=loud`);
    await loud.heard(1);
    comfy.sockets[0]?.socket.pause();
    const message = Buffer.alloc(1024 * 1024, 65);
    for (let count = 0; count < 60; count += 1) loud.socket.send(message);
    await until(() => loud.socket.bufferedAmount > 20 * 1024 * 1024);
    comfy.sockets[0]?.socket.resume();
    await until(() => comfy.sockets[0]?.received.length === 60);
    expect(loud.closedWith).toBeNull();
  });
});

describe('half-open connections', () => {
  it('a client that answers no ping for 30 s is ended, one that does stays', async () => {
    const clock = createManualClock();
    const host = await startRelayHost({ clock });
    const live = await connectSocket(`${host.url}/ws?clientId=live`);
    const dead = await rawUpgrade(host.port, '/ws?clientId=dead');
    let pings = 0;
    live.socket.on('ping', () => {
      pings += 1;
    });
    await clock.advance(30_000);
    await until(() => pings === 1);
    expect(host.relay.count()).toBe(2);
    // The pong is on its way; another round trip shows that it came.
    live.say('marker', {});
    await new Promise((resolve) => live.socket.ping(undefined, undefined, resolve));
    await new Promise((resolve) => live.socket.once('pong', resolve));
    await clock.advance(30_000);
    await dead.ended();
    await until(() => host.relay.count() === 1);
    expect(live.closedWith).toBeNull();
  });

  it('nobody is checked when nobody is there', async () => {
    const clock = createManualClock();
    const host = await startRelayHost({ clock });
    const tab = await connectSocket(`${host.url}/ws`);
    tab.socket.close();
    await until(() => host.relay.count() === 0);
    await clock.advance(30_000);
    expect(clock.timers).toBe(0);
  });
});

describe('the end of the engine', () => {
  it('says good-bye with 1001 and lets nobody in', async () => {
    const host = await startRelayHost();
    host.supervisor.run(comfy.port);
    const tab = await connectSocket(`${host.url}/ws?clientId=tab`);
    await tab.heard(1);
    await host.relay.close();
    expect(await tab.closed()).toBe(1001);
    expect((await rawUpgrade(host.port, '/ws')).status()).toBe(503);
    await until(() => comfy.open().length === 0);
  });
});

describe('a thousand tabs', () => {
  it('survive sleep and wake on their first socket, and each is told once', async () => {
    const host = await startRelayHost();
    const tabs = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => connectSocket(`${host.url}/ws?clientId=tab${index}`)),
    );
    await Promise.all(tabs.map((tab) => tab.heard(1)));
    for (let cycle = 1; cycle <= 2; cycle += 1) {
      host.supervisor.run(comfy.port);
      await comfy.connections(1000 * cycle);
      await until(() => comfy.open().length === 1000);
      comfy.broadcast('status', { status: { exec_info: { queue_remaining: cycle } } });
      await Promise.all(tabs.map((tab) => tab.heard(2 * cycle)));
      await host.supervisor.stop('idle');
      await until(() => comfy.open().length === 0);
      await Promise.all(tabs.map((tab) => tab.heard(2 * cycle + 1)));
    }
    expect(host.relay.count()).toBe(1000);
    expect(new Set(tabs.map((tab) => JSON.stringify(tab.messages.map(({ data }) => data.status))))).toHaveLength(1);
    expect(tabs.every((tab) => tab.closedWith === null)).toBe(true);
  });
});
