/** The relay against a ComfyUI whose every word the test says: what is told to whom, once, and in which order. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../support/manual-clock.ts';
import { closeRelayHosts, type RelayHost, startRelayHost } from '../../support/relay-host.ts';
import { type ScriptedComfyui, startScriptedComfyui, status } from '../../support/scripted-comfyui.ts';
import { connectSocket, cutSocketClients } from '../../support/socket-client.ts';
import { until } from '../../support/until.ts';

const FLAGS = { supports_preview_metadata: true, supports_manager_v4_ui: true };

let comfy: ScriptedComfyui;
let host: RelayHost;
beforeEach(async () => {
  comfy = await startScriptedComfyui();
  host = await startRelayHost();
});
afterEach(async () => {
  cutSocketClients();
  await closeRelayHosts();
  await comfy.close();
});

const connect = (path = '/ws?clientId=tab') => connectSocket(`${host.url}${path}`);
const wake = (): void => host.supervisor.run(comfy.port);
const start = { prompt_id: 'p', timestamp: 1 };

describe('while ComfyUI sleeps', () => {
  it('a socket is accepted and greeted as ComfyUI would', async () => {
    const tab = await connect();
    await tab.heard(1);
    expect(tab.messages).toEqual([status(0, 'tab')]);
    expect(host.relay.count()).toBe(1);
  });

  it.each(['/ws', '/api/ws', '/comfyui/ws', '/ws?clientId='])('a client without an id gets one at %s', async (path) => {
    const tab = await connect(path);
    await tab.heard(1);
    expect(tab.messages[0]?.data.sid).toMatch(/^[0-9a-f]{32}$/);
  });

  it('answers feature flags with what ComfyUI 0.3.64 answers, later with what the real one said last', async () => {
    const early = await connect('/ws?clientId=early');
    early.say('feature_flags', FLAGS);
    await early.heard(2);
    expect(early.messages[1]).toEqual({
      type: 'feature_flags',
      data: { supports_preview_metadata: true, max_upload_size: 104_857_600 },
    });

    wake();
    await comfy.connections(1);
    comfy.tell('early', 'feature_flags', { max_upload_size: 5 });
    await early.heard(3);
    await host.supervisor.stop('idle');
    const late = await connect('/ws?clientId=late');
    late.say('feature_flags', FLAGS);
    await late.heard(2);
    expect(late.messages[1]?.data).toEqual({ max_upload_size: 5 });
  });

  it('nothing is dialled, however often the tab speaks or reconnects (sablier#402)', async () => {
    host.supervisor.run(comfy.port);
    await host.supervisor.stop('idle');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const tab = await connect();
      tab.say('feature_flags', FLAGS);
      await tab.heard(2);
      tab.socket.close();
      await tab.closed();
    }
    expect(comfy.sockets).toHaveLength(0);
    expect(host.supervisor.state().kind).toBe('stopped');
  });
});

describe('when ComfyUI wakes', () => {
  it('the tab is dialled with its own id, and its feature flags are repeated before a held prompt goes on', async () => {
    const tab = await connect();
    tab.say('feature_flags', FLAGS);
    await tab.heard(2);
    wake();
    await host.relay.readyBarrier();
    expect(comfy.open().map(({ clientId }) => clientId)).toEqual(['tab']);
    await until(() => comfy.sockets[0]?.received.length === 1);
    expect(JSON.parse(comfy.sockets[0]?.received[0] ?? '')).toEqual({ type: 'feature_flags', data: FLAGS });
    expect(tab.closedWith).toBeNull();
  });

  it('what the tab knows is not sent twice, what is new is', async () => {
    const tab = await connect();
    tab.say('feature_flags', FLAGS);
    await tab.heard(2);
    wake();
    await comfy.connections(1);
    comfy.tell('tab', 'feature_flags', { supports_preview_metadata: true, max_upload_size: 104_857_600 });
    comfy.tell('tab', 'status', { status: { exec_info: { queue_remaining: 1 } } });
    comfy.tell('tab', 'execution_start', start);
    await tab.heard(4);
    expect(tab.types()).toEqual(['status', 'feature_flags', 'status', 'execution_start']);
  });

  it('a queue that is not empty is told at once', async () => {
    comfy.greeting = (clientId) => [status(2, clientId)];
    const tab = await connect();
    await tab.heard(1);
    wake();
    await tab.heard(2);
    expect(tab.messages[1]).toEqual(status(2, 'tab'));
  });

  it('the id that was made for a client stays the same', async () => {
    const tab = await connect('/ws');
    await tab.heard(1);
    const { sid } = tab.messages[0]?.data ?? {};
    for (let cycle = 1; cycle <= 3; cycle += 1) {
      wake();
      await comfy.connections(cycle);
      expect(comfy.sockets.at(-1)?.clientId).toBe(sid);
      await host.supervisor.stop('idle');
      await until(() => comfy.open().length === 0);
    }
    expect(tab.messages).toHaveLength(1);
    expect(tab.closedWith).toBeNull();
  });

  it('the barrier does not wait for a ComfyUI that does not greet', async () => {
    comfy.greeting = () => null;
    await connect();
    wake();
    await host.relay.readyBarrier();
    expect(comfy.sockets.length).toBeLessThanOrEqual(1);
  });

  it('the barrier is open when nobody is connected, and knows of a start before the relay was told', async () => {
    wake();
    await host.relay.readyBarrier();
    expect(comfy.sockets).toHaveLength(0);
  });

  it('query, cookies and language of the client reach ComfyUI', async () => {
    wake();
    await connect('/ws?clientId=tab&theme=dark');
    await comfy.connections(1);
    expect(comfy.sockets[0]?.request.url).toBe('/ws?clientId=tab&theme=dark');
  });
});

describe('while ComfyUI runs', () => {
  it('frames pass unchanged, text as text and binary as binary', async () => {
    wake();
    const tab = await connect();
    await comfy.connections(1);
    const preview = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 255, 216, 1, 2, 3]);
    comfy.tellBinary('tab', preview);
    comfy.tell('tab', 'crystools.monitor', { gpu: 'ä' });
    await tab.heard(2);
    expect(tab.messages[1]).toEqual({ type: 'crystools.monitor', data: { gpu: 'ä' } });
    expect(tab.binaries).toEqual([preview]);
  });

  it('the queue watch sees the progress of a prompt, and nothing else', async () => {
    wake();
    const tab = await connect();
    await comfy.connections(1);
    comfy.tell('tab', 'execution_start', start);
    comfy.tell('tab', 'progress_state', { prompt_id: 'p', nodes: {} });
    comfy.tell('tab', 'logs', {});
    await tab.heard(4);
    expect(host.observed).toEqual(['execution_start', 'progress_state']);
  });

  it('a client that leaves is hung up on with its own code', async () => {
    wake();
    const tab = await connect();
    await comfy.connections(1);
    tab.socket.close(4001, 'bye');
    await until(() => comfy.sockets[0]?.closedWith !== null);
    expect(comfy.sockets[0]?.closedWith).toBe(4001);
    expect(host.relay.count()).toBe(0);
  });

  it('a client that vanishes is gone for ComfyUI as well', async () => {
    wake();
    const tab = await connect();
    await comfy.connections(1);
    tab.socket.terminate();
    await until(() => comfy.sockets[0]?.closedWith === 1001);
  });

  it('ComfyUI closing a connection for its own reasons is hidden: the client is dialled again', async () => {
    wake();
    const tab = await connect();
    await tab.heard(1);
    comfy.sockets[0]?.socket.close(1011);
    await comfy.connections(2);
    comfy.tell('tab', 'status', { status: { exec_info: { queue_remaining: 1 } } });
    await tab.heard(2);
    expect(tab.closedWith).toBeNull();
  });

  it('ComfyUI closing because of what the client sent is passed on', async () => {
    wake();
    const tab = await connect();
    await tab.heard(1);
    comfy.sockets[0]?.socket.close(1009);
    expect(await tab.closed()).toBe(1009);
  });

  it('a handshake that a custom node refuses ends the client, as without a gateway', async () => {
    comfy.handshakeStatus = 401;
    wake();
    const tab = await connect();
    expect(await tab.closed()).toBe(1008);
  });

  it('a ComfyUI that fails handshakes for a while is tried again', async () => {
    comfy.handshakeStatus = 503;
    wake();
    const tab = await connect();
    await host.relay.readyBarrier();
    comfy.handshakeStatus = 101;
    await tab.heard(1);
    expect(tab.closedWith).toBeNull();
  });
});

describe('when ComfyUI goes away', () => {
  async function tabInAPrompt() {
    wake();
    const tab = await connect();
    await tab.heard(1);
    comfy.tell('tab', 'status', { status: { exec_info: { queue_remaining: 1 } } });
    comfy.tell('tab', 'execution_start', start);
    comfy.tell('tab', 'executing', { node: '2', display_node: '2', prompt_id: 'p' });
    await tab.heard(4);
    return tab;
  }

  it('crashed in a prompt: the page hears the error with its reason and stops spinning', async () => {
    const tab = await tabInAPrompt();
    host.supervisor.crash('ComfyUI was killed by SIGKILL. The system was probably out of memory.');
    await tab.heard(7);
    expect(tab.types().slice(4)).toEqual(['execution_error', 'status', 'executing']);
    expect(tab.messages[4]?.data).toMatchObject({
      prompt_id: 'p',
      node_id: '2',
      node_type: 'LabSlow',
      exception_message: 'ComfyUI was killed by SIGKILL. The system was probably out of memory.\n',
    });
    expect(tab.messages[6]?.data).toEqual({ node: null, prompt_id: 'p' });
    expect(tab.closedWith).toBeNull();
  });

  it('stopped by somebody: what it still says is passed on, and the prompt is interrupted at the end', async () => {
    const tab = await tabInAPrompt();
    host.supervisor.beginStop('user');
    comfy.tell('tab', 'executed', { node: '2', prompt_id: 'p', output: {} });
    await tab.heard(5);
    host.supervisor.endStop();
    await tab.heard(8);
    expect(tab.types().slice(4)).toEqual(['executed', 'execution_interrupted', 'status', 'executing']);
    expect(tab.messages[5]?.data).toMatchObject({ executed: ['2'] });
  });

  it('ended because it hung: the reason is known only when the stop is over', async () => {
    const tab = await tabInAPrompt();
    host.supervisor.beginStop('restart');
    host.supervisor.crash('ComfyUI hung.');
    await tab.heard(7);
    expect(tab.messages[4]).toMatchObject({ type: 'execution_error', data: { exception_message: 'ComfyUI hung.\n' } });
  });

  it('restarted itself (os.execv): the prompt is gone, the socket is not', async () => {
    const tab = await tabInAPrompt();
    host.supervisor.restartInPlace();
    await tab.heard(7);
    expect(tab.types().slice(4)).toEqual(['execution_interrupted', 'status', 'executing']);
    wake();
    await comfy.connections(2);
    expect(tab.closedWith).toBeNull();
  });

  it('after ComfyUI-Manager asked for the restart, its page gets the reconnect it waits for, once', async () => {
    const tab = await tabInAPrompt();
    host.relay.expectRestart();
    host.supervisor.restartInPlace();
    await tab.heard(7);
    expect(tab.closedWith).toBeNull();
    wake();
    expect(await tab.closed()).toBe(1012);
    const again = await connect();
    host.supervisor.restartInPlace();
    wake();
    await host.relay.readyBarrier();
    expect(again.closedWith).toBeNull();
  });

  it('a restart that ComfyUI-Manager refused is forgotten: a later one costs nobody the socket', async () => {
    const clock = createManualClock();
    const later = await startRelayHost({ clock });
    later.supervisor.run(comfy.port);
    later.relay.expectRestart();
    await clock.advance(300_001);
    const tab = await connectSocket(`${later.url}/ws?clientId=tab`);
    await tab.heard(1);
    later.supervisor.restartInPlace();
    later.supervisor.run(comfy.port);
    await comfy.connections(2);
    comfy.tell('tab', 'marker', {});
    await tab.heard(2);
    expect(tab.closedWith).toBeNull();
  });

  it('an idle tab hears nothing at all', async () => {
    wake();
    const tab = await connect();
    await tab.heard(1);
    await host.supervisor.stop('idle');
    wake();
    await host.relay.readyBarrier();
    comfy.tell('tab', 'marker', {});
    await tab.heard(2);
    expect(tab.types()).toEqual(['status', 'marker']);
  });

  it('a client that connected and was never greeted is greeted then', async () => {
    comfy.greeting = () => null;
    wake();
    const tab = await connect();
    await comfy.connections(1);
    host.supervisor.crash('x');
    await tab.heard(1);
    expect(tab.messages[0]).toEqual(status(0, 'tab'));
  });
});

describe('two sockets with one client id (ComfyUI forgets the newer when the older closes)', () => {
  it('the old connection has ended before the new one is made, and the newcomer hears', async () => {
    wake();
    const old = await connect();
    await old.heard(1);
    const fresh = await connect();
    await comfy.connections(2);
    expect(comfy.sockets[0]?.closedWith).not.toBeNull();
    await fresh.heard(1);
    comfy.tell('tab', 'execution_start', start);
    await fresh.heard(2);
    expect(fresh.types()).toEqual(['status', 'execution_start']);
  });

  it('the older hears as well, and nothing twice', async () => {
    wake();
    const old = await connect();
    await old.heard(1);
    const fresh = await connect();
    await fresh.heard(1);
    comfy.tell('tab', 'execution_start', start);
    await Promise.all([old.heard(2), fresh.heard(2)]);
    expect(old.types()).toEqual(['status', 'execution_start']);
  });

  it('when the older closes, the newer goes on hearing', async () => {
    wake();
    const old = await connect();
    await old.heard(1);
    const fresh = await connect();
    await fresh.heard(1);
    old.socket.close();
    await old.closed();
    comfy.tell('tab', 'execution_start', start);
    await fresh.heard(2);
  });

  it('when the newer closes, the older goes on with its own feature flags', async () => {
    wake();
    const old = await connect();
    old.say('feature_flags', { old: true });
    await old.heard(1);
    const fresh = await connect();
    await comfy.connections(2);
    fresh.say('feature_flags', { fresh: true });
    await until(() => comfy.sockets[1]?.received.length === 1);
    fresh.socket.close();
    await comfy.connections(3);
    await until(() => comfy.sockets[2]?.received.length === 1);
    expect(comfy.sockets.map(({ received }) => JSON.parse(received[0] ?? '{}').data)).toEqual([
      { old: true },
      { fresh: true },
      { old: true },
    ]);
    comfy.tell('tab', 'marker', {});
    await until(() => old.types().includes('marker'));
  });

  it('a page that reloads in the middle of a job is told the node, as ComfyUI does', async () => {
    wake();
    const old = await connect();
    await old.heard(1);
    old.socket.close();
    comfy.greeting = (clientId) => [status(1, clientId), { type: 'executing', data: { node: '2' } }];
    const fresh = await connect();
    await fresh.heard(2);
    expect(fresh.messages).toEqual([status(1, 'tab'), { type: 'executing', data: { node: '2' } }]);
  });

  it('a connection that ComfyUI does not greet is made anew', async () => {
    const clock = createManualClock();
    const patient = await startRelayHost({ clock });
    comfy.greeting = () => null;
    patient.supervisor.run(comfy.port);
    const tab = await connectSocket(`${patient.url}/ws?clientId=tab`);
    await comfy.connections(1);
    comfy.greeting = (clientId) => [status(0, clientId)];
    // The relay may not have seen its connection open yet; its own time begins then.
    while (comfy.sockets.length < 2) {
      await clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await tab.heard(1);
    expect(comfy.sockets[0]?.closedWith).not.toBeNull();
    expect(tab.closedWith).toBeNull();
  });
});

describe('a connection that was lost although ComfyUI went on', () => {
  const ended = {
    p: {
      outputs: { 4: { images: [{ filename: 'a.png' }] } },
      status: { messages: [['execution_success', { prompt_id: 'p', timestamp: 2 }]] },
    },
  };

  async function tabThatLostIts() {
    wake();
    const tab = await connect();
    await tab.heard(1);
    comfy.tell('tab', 'execution_start', start);
    comfy.tell('tab', 'executing', { node: '2', prompt_id: 'p' });
    await tab.heard(3);
    return tab;
  }

  it('a prompt that ended meanwhile is told from the history: the page does not spin for ever (comfy-cli#200)', async () => {
    const tab = await tabThatLostIts();
    comfy.history = ended;
    comfy.sockets[0]?.socket.terminate();
    await tab.heard(6);
    expect(tab.types().slice(3)).toEqual(['executed', 'execution_success', 'executing']);
  });

  it('one that still runs goes on, and its node is not told twice', async () => {
    const tab = await tabThatLostIts();
    comfy.queue = { queue_running: [[0, 'p', {}, {}, []]], queue_pending: [] };
    comfy.greeting = (clientId) => [status(0, clientId), { type: 'executing', data: { node: '2' } }];
    comfy.sockets[0]?.socket.terminate();
    await until(() => comfy.requests.includes('GET /queue'));
    comfy.tell('tab', 'progress', { prompt_id: 'p', node: '2', value: 1, max: 2 });
    await tab.heard(4);
    expect(tab.types().slice(3)).toEqual(['progress']);
  });

  it('one that ComfyUI does not know any more is interrupted', async () => {
    const tab = await tabThatLostIts();
    comfy.sockets[0]?.socket.terminate();
    await tab.heard(5);
    expect(tab.types().slice(3)).toEqual(['execution_interrupted', 'executing']);
  });
});
