/** Prompt ends, against a ComfyUI whose every word the test says: each told once, whoever queued it, and nothing old. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PromptEnd } from '../../../contract/events.ts';
import { type ComfyClient, createComfyClient } from '../../../engine/comfyui/client.ts';
import { createQueueWatch, type QueueWatch } from '../../../engine/comfyui/queue-watch.ts';
import { systemClock } from '../../../engine/platform/clock.ts';
import { silentLog } from '../../../engine/platform/log.ts';
import { createFakeSupervisor, type FakeSupervisor } from '../../support/fake-supervisor.ts';
import { type ScriptedComfyui, startScriptedComfyui } from '../../support/scripted-comfyui.ts';
import { until } from '../../support/until.ts';

const item = (id: string) => [0, id, { 2: { class_type: 'SaveImage', inputs: { filename_prefix: 'cat' } } }, {}, ['2']];
const ran = (id: string) => ({
  prompt: item(id),
  outputs: { 2: { images: [{ filename: `${id}.png`, subfolder: '', type: 'output' }] } },
  status: {
    status_str: 'success',
    messages: [
      ['execution_start', { timestamp: 1000 }],
      ['execution_success', { timestamp: 3000 }],
    ],
  },
});

let comfy: ScriptedComfyui;
let supervisor: FakeSupervisor;
let client: ComfyClient;
let watch: QueueWatch;
let ends: PromptEnd[];

beforeEach(async () => {
  comfy = await startScriptedComfyui();
  supervisor = createFakeSupervisor();
  client = createComfyClient({ address: supervisor.address, clock: systemClock });
  watch = createQueueWatch({
    supervisor,
    client,
    clock: systemClock,
    log: silentLog(),
    historyStore: { load: () => ({ remembered: {} }), save: async () => undefined },
  });
  ends = [];
  watch.onPromptEnd((end) => ends.push(end));
});
afterEach(async () => {
  watch.close();
  await client.close();
  await comfy.close();
});

const HISTORY = 'GET /history?max_items=64';
const told = (): string[] => ends.map(({ promptId }) => promptId);
const queued = (...ids: string[]) => ({
  queue_running: ids.slice(0, 1).map(item),
  queue_pending: ids.slice(1).map(item),
});
/** Resolves when queue and history were read after what was said before. */
const readAll = async (): Promise<void> => void (await watch.refresh());
async function say(queue: ScriptedComfyui['queue'], history: Record<string, unknown> = {}): Promise<void> {
  comfy.queue = queue;
  comfy.history = history;
  await readAll();
}
async function wake(reason?: 'adopted'): Promise<void> {
  supervisor.run(comfy.port, reason);
  await until(() => watch.snapshot().known);
}

describe('a prompt that ends', () => {
  it('is told with what it made, once, however often the history is read', async () => {
    await wake();
    await say(queued('a'));
    await say(queued(), { a: ran('a') });
    await until(() => ends.length > 0);
    watch.expectChange();
    await readAll();
    watch.expectChange();
    await readAll();
    expect(ends).toMatchObject([
      { promptId: 'a', outcome: 'completed', title: 'cat', seconds: 2, images: [{ filename: 'a.png' }] },
    ]);
  });

  it('is told while others still wait', async () => {
    await wake();
    await say(queued('a', 'b'));
    await say(queued('b'), { a: ran('a') });
    await until(() => ends.length > 0);
    expect(told()).toEqual(['a']);
  });

  it('is told when it was too quick to be seen in the queue', async () => {
    await wake();
    comfy.history = { quick: ran('quick') };
    watch.expectChange();
    await readAll();
    expect(told()).toEqual(['quick']);
  });

  it('is told once when the history says it before the queue does, also when ComfyUI crashes just then', async () => {
    comfy.queue = queued('mine', 'other');
    await wake();
    await say(queued('mine'), { mine: ran('mine'), other: ran('other') });
    await until(() => told().includes('mine'));
    supervisor.crash('ComfyUI ran out of memory.');
    expect(told().sort()).toEqual(['mine', 'other']);
  });

  it('is not told when it was taken out of the queue before it ran', async () => {
    await wake();
    await say(queued('a', 'taken-out'));
    await say(queued(), { a: ran('a') });
    await until(() => comfy.requests.includes('GET /history/taken-out'));
    await readAll();
    expect(told()).toEqual(['a']);
  });
});

describe('what is old', () => {
  it('is not told of a ComfyUI that worked before this engine did', async () => {
    comfy.history = { old: ran('old'), remembered: ran('remembered') };
    await wake('adopted');
    await readAll();
    watch.expectChange();
    await say(queued(), { ...comfy.history, fresh: ran('fresh') });
    expect(told()).toEqual(['fresh']);
  });

  it('does not hide a prompt that ends while the engine takes over', async () => {
    comfy.history = { old: ran('old') };
    comfy.queue = queued('mine', 'other');
    await wake('adopted');
    // The history has it already, the queue answered a moment before.
    await say(queued('mine'), { old: ran('old'), mine: ran('mine') });
    await until(() => comfy.requests.includes(HISTORY));
    await until(() => told().includes('mine'));
    expect(told()).toEqual(['mine']);
  });

  it('does not hide the prompt that ran when the engine took over', async () => {
    comfy.history = { old: ran('old') };
    comfy.queue = queued('mine');
    await wake('adopted');
    await say(queued(), { old: ran('old'), mine: ran('mine') });
    await until(() => ends.length > 0);
    await readAll();
    expect(told()).toEqual(['mine']);
  });
});

describe('a prompt whose ComfyUI ends', () => {
  it('has failed when that crashed', async () => {
    await wake();
    await say(queued('a', 'b'));
    supervisor.crash('ComfyUI ran out of memory.');
    expect(ends).toMatchObject([
      { promptId: 'a', outcome: 'failed', title: 'cat', seconds: null, message: 'ComfyUI ran out of memory.' },
    ]);
  });

  it('has failed when that hung and was ended for it', async () => {
    await wake();
    await say(queued('a'));
    supervisor.beginStop('restart');
    expect(ends).toEqual([]);
    supervisor.crash('ComfyUI hung.');
    expect(ends).toMatchObject([{ promptId: 'a', outcome: 'failed', message: 'ComfyUI hung.' }]);
  });

  it('was interrupted when somebody stopped that', async () => {
    await wake();
    await say(queued('a'));
    supervisor.beginStop('user');
    supervisor.endStop();
    expect(ends).toMatchObject([{ promptId: 'a', outcome: 'interrupted', message: null }]);
  });
});
