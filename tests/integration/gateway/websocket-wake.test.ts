/** A tab's socket over sleep, wake and crash of real ComfyUI processes, with prompts that really run. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { closeEngineRooms, type EngineRoom, openEngineRoom } from '../../support/engine-room.ts';
import { connectSocket, cutSocketClients, type SocketClient } from '../../support/socket-client.ts';
import { until } from '../../support/until.ts';
import { workflow } from '../../support/workflows.ts';

afterEach(async () => {
  cutSocketClients();
  await closeEngineRooms();
});

async function openTab(room: EngineRoom, clientId = 'tab'): Promise<SocketClient> {
  const tab = await connectSocket(`${room.url}/ws?clientId=${clientId}`);
  tab.say('feature_flags', { supports_preview_metadata: true });
  await tab.heard(2);
  return tab;
}

/** Resolves when the tab has heard that the prompt is over, with everything it heard since `from`. */
async function toTheEnd(tab: SocketClient, promptId: string, from = 0): Promise<SocketClient['messages']> {
  const last = (): number =>
    tab.messages.findIndex(
      ({ type, data }) => type === 'executing' && data.node === null && data.prompt_id === promptId,
    );
  await until(() => last() >= from);
  return tab.messages.slice(from, last() + 1);
}

const types = (messages: SocketClient['messages']): string[] => messages.map(({ type }) => type);

/** The types of every message of the recorded run of `simple.json`, after the first status of the connection. */
function recordedRun(): string[] {
  const lines = readFileSync(resolve(import.meta.dirname, '../../fixtures/recordings/comfyui-http-ws.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { kind: string; text?: string; tag?: string; msg?: { type: string } });
  const begin = lines.findIndex(({ text }) => text?.startsWith('=== A. simple run') === true);
  const end = lines.findIndex(({ text }, index) => index > begin && text?.startsWith('===') === true);
  return lines
    .slice(begin, end)
    .flatMap(({ kind, tag, msg }) => (kind === 'ws' && tag === 'A' && msg !== undefined ? [msg.type] : []))
    .slice(1);
}

describe('a tab over sleep and wake', () => {
  it('has one socket, and its prompt is told on it as recorded, nothing twice', async () => {
    const room = await openEngineRoom();
    const tab = await openTab(room);
    for (let cycle = 1; cycle <= 3; cycle += 1) {
      const from = tab.messages.length;
      const { status, promptId } = await room.submit(workflow('simple', { '1.color': cycle }), 'tab');
      expect(status).toBe(200);
      expect(types(await toTheEnd(tab, promptId, from))).toEqual(recordedRun());
      await room.supervisor.stop('idle');
    }
    expect(types(tab.messages.slice(0, 2))).toEqual(['status', 'feature_flags']);
    expect(tab.closedWith).toBeNull();
    expect(room.relay.count()).toBe(1);
  });

  it('keeps its feature flags: previews come with metadata after a wake', async () => {
    const room = await openEngineRoom();
    const tab = await openTab(room);
    const { promptId } = await room.submit(workflow('slow_progress_preview_5s', { '2.seconds': 0.5 }), 'tab');
    await toTheEnd(tab, promptId);
    expect(tab.binaries.length).toBeGreaterThan(0);
    expect(new Set(tab.binaries.map((data) => data.readUInt32BE(0)))).toEqual(new Set([4]));
  });

  it('the dashboard sees how far its prompt is', async () => {
    const room = await openEngineRoom();
    await openTab(room);
    const { promptId } = await room.submit(workflow('slow_progress_10s', { '2.seconds': 1.5 }), 'tab');
    await until(() => (room.queue.snapshot().current?.value ?? 0) > 2);
    expect(room.queue.snapshot()).toMatchObject({
      running: 1,
      current: { promptId, nodeType: 'LabSlow', max: 20, nodesTotal: 3 },
      items: [{ promptId, nodeCount: 3 }],
    });
    await until(() => room.queue.snapshot().known && room.queue.snapshot().running === 0);
    await room.queue.refresh();
    await room.supervisor.stop('user');
    expect(Object.keys(room.queue.lastKnownHistory())).toEqual([promptId]);
  });
});

describe('a crash in the middle of a prompt', () => {
  it('is told to its page with the reason, and the next prompt runs on the same socket', async () => {
    const room = await openEngineRoom();
    const tab = await openTab(room);
    const { promptId } = await room.submit(workflow('slow_progress_10s'), 'tab');
    await until(() => tab.types().includes('progress') && room.queue.snapshot().running === 1);
    await room.post('/sim/crash?how=kill').catch(() => undefined);
    const told = await toTheEnd(tab, promptId);
    expect(types(told).slice(-3)).toEqual(['execution_error', 'status', 'executing']);
    expect(told.at(-3)?.data).toMatchObject({
      prompt_id: promptId,
      node_id: '2',
      node_type: 'LabSlow',
      exception_message: expect.stringMatching(/SIGKILL/),
    });
    expect(told.at(-2)?.data).toEqual({ status: { exec_info: { queue_remaining: 0 } } });

    const from = tab.messages.length;
    const next = await room.submit(workflow('simple'), 'tab');
    expect(types(await toTheEnd(tab, next.promptId, from))).toEqual(recordedRun());
    expect(tab.closedWith).toBeNull();
  });
});

describe('a page that reloads in the middle of its job', () => {
  it('hears the rest on its new socket', async () => {
    const room = await openEngineRoom();
    const before = await openTab(room);
    const { promptId } = await room.submit(workflow('slow_progress_10s', { '2.seconds': 1.5 }), 'tab');
    await until(() => before.types().includes('progress'));
    before.socket.close();
    const after = await connectSocket(`${room.url}/ws?clientId=tab`);
    const told = types(await toTheEnd(after, promptId));
    expect(told.slice(0, 2)).toEqual(['status', 'executing']);
    expect(told.slice(-3)).toEqual(['execution_success', 'status', 'executing']);
  });

  it('and so does a second tab with the same id, whichever of the two is closed', async () => {
    const room = await openEngineRoom();
    const first = await openTab(room);
    const { promptId } = await room.submit(workflow('slow_progress_10s', { '2.seconds': 1.5 }), 'tab');
    await until(() => first.types().includes('progress'));
    const second = await connectSocket(`${room.url}/ws?clientId=tab`);
    await second.heard(1);
    first.socket.close();
    expect(types(await toTheEnd(second, promptId))).toContain('execution_success');
  });
});
