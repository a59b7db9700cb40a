/** The queue watch against a ComfyUI whose every word the test says: what is known, when it is asked, what is kept. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ComfyClient, createComfyClient } from '../../../engine/comfyui/client.ts';
import type { History } from '../../../engine/comfyui/history-store.ts';
import { createQueueWatch, type QueueWatch } from '../../../engine/comfyui/queue-watch.ts';
import { AppError } from '../../../engine/platform/app-error.ts';
import { systemClock } from '../../../engine/platform/clock.ts';
import { silentLog } from '../../../engine/platform/log.ts';
import { createFakeSupervisor, type FakeSupervisor } from '../../support/fake-supervisor.ts';
import { type ScriptedComfyui, startScriptedComfyui } from '../../support/scripted-comfyui.ts';
import { until } from '../../support/until.ts';

const item = (id: string, number = 0) => [
  number,
  id,
  { 1: { class_type: 'LabSlow', inputs: {} }, 2: { class_type: 'SaveImage', inputs: { filename_prefix: 'cat' } } },
  { client_id: 'tab' },
  ['2'],
];
const entry = (id: string) => ({ [id]: { prompt: item(id), outputs: {}, status: { status_str: 'success' } } });
const idle = { queue_running: [], queue_pending: [] };
const status = { status: { exec_info: { queue_remaining: 1 } } };

let comfy: ScriptedComfyui;
let supervisor: FakeSupervisor;
let client: ComfyClient;
let watch: QueueWatch;
let saved: History[];

beforeEach(async () => {
  comfy = await startScriptedComfyui();
  supervisor = createFakeSupervisor();
  client = createComfyClient({ address: supervisor.address, clock: systemClock });
  saved = [];
  watch = createQueueWatch({
    supervisor,
    client,
    clock: systemClock,
    log: silentLog(),
    historyStore: {
      load: () => ({ earlier: 1 }),
      async save(history) {
        saved.push(history);
      },
    },
  });
});
afterEach(async () => {
  watch.close();
  await client.close();
  await comfy.close();
});

const asked = (request: string): number => comfy.requests.filter((each) => each === request).length;
const HISTORY = 'GET /history?max_items=64';
async function wake(): Promise<void> {
  supervisor.run(comfy.port);
  await until(() => watch.snapshot().known);
}
const broadcast = (): void => comfy.broadcast('status', status);

describe('what is known', () => {
  it('a ComfyUI that does not run has an empty queue', async () => {
    expect(watch.snapshot()).toEqual({ running: 0, pending: 0, known: true, current: null, items: [] });
    expect(await watch.refresh()).toEqual(watch.snapshot());
    expect(comfy.requests).toEqual([]);
  });

  it('one that just started is not known until it was asked', async () => {
    comfy.queue = { queue_running: [item('a')], queue_pending: [item('b', 1)] };
    supervisor.run(comfy.port);
    expect(watch.snapshot().known).toBe(false);
    await until(() => watch.snapshot().known);
    expect(watch.snapshot()).toMatchObject({
      running: 1,
      pending: 1,
      items: [
        { promptId: 'a', title: 'cat', nodeCount: 2 },
        { promptId: 'b', number: 1 },
      ],
      current: { promptId: 'a', node: null, nodesTotal: 2 },
    });
  });

  it('follows the status that goes to everybody, without polling', async () => {
    await wake();
    await comfy.connections(1);
    const before = asked('GET /queue');
    comfy.queue = { queue_running: [item('a')], queue_pending: [] };
    broadcast();
    await until(() => watch.snapshot().running === 1);
    comfy.queue = idle;
    broadcast();
    await until(() => watch.snapshot().running === 0);
    expect(asked('GET /queue') - before).toBe(2);
  });

  it('a flood of prompts asks for the queue a few times, and ends with what is so', async () => {
    await wake();
    await comfy.connections(1);
    const before = asked('GET /queue');
    for (let count = 1; count <= 500; count += 1) {
      comfy.queue = {
        queue_running: [item('a')],
        queue_pending: Array.from({ length: count }, (_, index) => item(`p${index}`)),
      };
      broadcast();
      if (count % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => watch.snapshot().pending === 500);
    expect(watch.snapshot().items).toHaveLength(100);
    expect(asked('GET /queue') - before).toBeLessThan(10);
  });

  it('what passes the gateway makes it unknown at once, and an answer to an earlier question does not help', async () => {
    await wake();
    let release = (): void => undefined;
    comfy.answerGate = new Promise((resolve) => {
      release = resolve;
    });
    const before = asked('GET /queue');
    const early = watch.refresh();
    await until(() => asked('GET /queue') > before);
    watch.expectChange();
    release();
    comfy.answerGate = null;
    expect((await early).known).toBe(false);
    await until(() => watch.snapshot().known);
    expect(asked('GET /queue') - before).toBeGreaterThanOrEqual(2);
  });

  it('a ComfyUI that does not answer is not known, and says so to who asks', async () => {
    await wake();
    comfy.answerGate = new Promise(() => undefined);
    const impatient = createComfyClient({ address: supervisor.address, clock: systemClock, timeoutMs: 50 });
    await expect(impatient.queue()).rejects.toMatchObject({
      code: 'upstream_unreachable',
      message: expect.stringMatching(/no answer in 50 ms/),
    });
    await impatient.close();
    const answer = watch.refresh();
    await comfy.close();
    await expect(answer).rejects.toBeInstanceOf(AppError);
    expect(watch.snapshot().known).toBe(false);
    comfy = await startScriptedComfyui();
  });

  it('its end empties the queue', async () => {
    comfy.queue = { queue_running: [item('a')], queue_pending: [item('b')] };
    await wake();
    supervisor.crash('x');
    expect(watch.snapshot()).toMatchObject({ running: 0, pending: 0, known: true, current: null, items: [] });
    expect(watch.nodeType('a', '1')).toBe('LabSlow');
  });

  it('a lost connection makes it unknown until it is there again', async () => {
    await wake();
    await comfy.connections(1);
    comfy.sockets[0]?.socket.terminate();
    await until(() => !watch.snapshot().known);
    await comfy.connections(2);
    await until(() => watch.snapshot().known);
    expect(comfy.sockets[0]?.clientId).not.toBe(comfy.sockets[1]?.clientId);
  });

  it('a late answer of an earlier ComfyUI is no answer of the next', async () => {
    await wake();
    let release = (): void => undefined;
    comfy.queue = { queue_running: [item('old')], queue_pending: [] };
    comfy.answerGate = new Promise((resolve) => {
      release = resolve;
    });
    const late = watch.refresh();
    await until(() => asked('GET /queue') >= 2);
    supervisor.crash('x');
    const next = await startScriptedComfyui();
    supervisor.run(next.port);
    release();
    await late;
    await until(() => watch.snapshot().known);
    expect(watch.snapshot().running).toBe(0);
    await next.close();
  });

  it('tells every change, once', async () => {
    await wake();
    await comfy.connections(1);
    const told: number[] = [];
    watch.onChange(({ running }) => told.push(running));
    comfy.queue = { queue_running: [item('a')], queue_pending: [] };
    broadcast();
    await until(() => told.length === 1);
    await watch.refresh();
    await watch.refresh();
    comfy.queue = idle;
    broadcast();
    await until(() => told.length === 2);
    expect(told).toEqual([1, 0]);
  });
});

describe('progress of the prompt that runs', () => {
  const show = (type: string, data: object): void => watch.observe(type, Buffer.from(JSON.stringify({ type, data })));

  it('comes from the frames on their way to the submitting client', async () => {
    comfy.queue = { queue_running: [item('a')], queue_pending: [] };
    await wake();
    const told: unknown[] = [];
    watch.onChange(({ current }) => told.push(current?.value));
    show('execution_start', { prompt_id: 'a' });
    show('executing', { prompt_id: 'a', node: '1' });
    for (let value = 1; value <= 100; value += 1) {
      show('progress_state', { prompt_id: 'a', nodes: { 1: { state: 'running' }, 2: { state: 'finished' } } });
      show('progress', { prompt_id: 'a', node: '1', value, max: 100 });
    }
    expect(watch.snapshot().current).toEqual({
      promptId: 'a',
      node: '1',
      nodeType: 'LabSlow',
      value: 100,
      max: 100,
      nodesDone: 1,
      nodesTotal: 2,
    });
    await until(() => told.length > 0);
    expect(told).toEqual([100]);
  });

  it('of a prompt without a client comes from the broadcast', async () => {
    comfy.queue = { queue_running: [item('a')], queue_pending: [] };
    await wake();
    await comfy.connections(1);
    comfy.broadcast('progress_state', { prompt_id: 'a', nodes: { 1: { state: 'finished' } } });
    await until(() => watch.snapshot().current?.nodesDone === 1);
  });
});

describe('the last known history', () => {
  it('is the one from disk at first, and stays while a fresh ComfyUI has none to tell', async () => {
    expect(watch.lastKnownHistory()).toEqual({ earlier: 1 });
    await wake();
    await watch.refresh();
    expect(watch.lastKnownHistory()).toEqual({ earlier: 1 });
    expect(saved).toEqual([]);
  });

  it('is asked and saved when the queue has drained', async () => {
    await wake();
    await comfy.connections(1);
    comfy.queue = { queue_running: [item('a')], queue_pending: [] };
    broadcast();
    await until(() => watch.snapshot().running === 1);
    comfy.queue = idle;
    comfy.history = entry('a');
    broadcast();
    await until(() => saved.length === 1);
    expect(saved[0]).toEqual(entry('a'));
    expect(watch.lastKnownHistory()).toEqual(entry('a'));
  });

  it('is complete before an empty queue is told to who asks: ComfyUI may be ended then', async () => {
    await wake();
    watch.expectChange();
    comfy.history = entry('quick');
    await watch.refresh();
    expect(saved.at(-1)).toEqual(entry('quick'));
  });

  it('is saved while a long batch goes on: a crash takes little of it (comfyui-mcp#2934)', async () => {
    comfy.queue = { queue_running: [item('a')], queue_pending: [item('b')] };
    await wake();
    await comfy.connections(1);
    comfy.queue = { queue_running: [item('b')], queue_pending: [] };
    comfy.history = entry('a');
    broadcast();
    await until(() => saved.length === 1);
    supervisor.crash('x');
    expect(watch.lastKnownHistory()).toEqual(entry('a'));
  });

  it('that the user cleared stays cleared', async () => {
    comfy.history = entry('a');
    await wake();
    watch.expectChange();
    await watch.refresh();
    expect(watch.lastKnownHistory()).toEqual(entry('a'));
    comfy.history = {};
    watch.expectChange();
    await watch.refresh();
    expect(watch.lastKnownHistory()).toEqual({});
  });

  it('is not asked again while nothing happened', async () => {
    await wake();
    await watch.refresh();
    const before = asked(HISTORY);
    await watch.refresh();
    await watch.refresh();
    expect(asked(HISTORY)).toBe(before);
  });
});
