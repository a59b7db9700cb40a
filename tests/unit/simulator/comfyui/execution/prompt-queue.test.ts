import { describe, expect, it, vi } from 'vitest';
import type { QueueItem } from '../../../../../simulator/comfyui/execution/prompt.ts';
import { createPromptQueue, type HistoryEntry } from '../../../../../simulator/comfyui/execution/prompt-queue.ts';

const item = (number: number, id = `p${number}`, extra: Record<string, unknown> = {}): QueueItem => [
  number,
  id,
  {},
  extra,
  [],
];
const entry = (prompt: QueueItem): HistoryEntry => ({
  prompt,
  outputs: {},
  status: { status_str: 'success', completed: true, messages: [] },
  meta: {},
});

function queueOf(...items: QueueItem[]) {
  const onChange = vi.fn();
  const onWork = vi.fn();
  const queue = createPromptQueue(onChange, onWork);
  for (const one of items) queue.put(one);
  onChange.mockClear();
  return { queue, onChange, onWork };
}

describe('the queue', () => {
  it('runs in the order of numbers, front first, equals as they came', () => {
    const { queue } = queueOf(item(2), item(1, 'a'), item(1, 'b'), item(-3));
    const ids = Array.from({ length: 4 }, () => queue.take()?.[1]);
    expect(ids).toEqual(['p-3', 'a', 'b', 'p2']);
  });

  it('counts the running one until it is finished', () => {
    const { queue } = queueOf(item(1), item(2));
    const taken = queue.take();
    expect(queue.remaining()).toBe(2);
    queue.finish(entry(taken ?? item(0)));
    expect(queue.remaining()).toBe(1);
  });

  it('never removes the running one', () => {
    const { queue } = queueOf(item(1), item(2));
    queue.take();
    queue.remove('p1');
    queue.clear();
    expect([queue.running()?.[1], queue.pending()]).toEqual(['p1', []]);
  });

  it('tells nothing of an unknown id', () => {
    const { queue, onChange } = queueOf(item(1));
    queue.remove('nope');
    expect(onChange).not.toHaveBeenCalled();
  });

  it('tells twice that its last item was removed, as ComfyUI does', () => {
    const { queue, onChange } = queueOf(item(1));
    queue.remove('p1');
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  it('gives flags once', () => {
    const { queue, onWork } = queueOf();
    queue.setFlags({ freeMemory: true });
    queue.setFlags({ unloadModels: true });
    expect([queue.takeFlags(), queue.takeFlags()]).toEqual([{ freeMemory: true, unloadModels: true }, {}]);
    expect(onWork).toHaveBeenCalledTimes(2);
  });
});

describe('the history', () => {
  const filled = () => {
    const { queue } = queueOf();
    for (const number of [1, 2, 3]) queue.finish(entry(item(number)));
    return queue;
  };

  it.each([
    [{}, ['p1', 'p2', 'p3']],
    [{ maxItems: 2 }, ['p2', 'p3']],
    [{ maxItems: 99 }, ['p1', 'p2', 'p3']],
    [{ maxItems: 1, offset: 0 }, ['p1']],
    [{ maxItems: 0 }, []],
    [{ maxItems: -1 }, []],
    [{ offset: 1 }, ['p2', 'p3']],
  ])('asked for %j gives %j', (query, ids) => {
    expect(Object.keys(filled().history(query))).toEqual(ids);
  });

  it('lets a later prompt of the same id take the place of the earlier', () => {
    const { queue } = queueOf();
    queue.finish(entry(item(1, 'same')));
    queue.finish(entry(item(2, 'same')));
    expect(queue.historyOf('same').same?.prompt[0]).toBe(2);
  });

  it('does not show keys of the Comfy account', () => {
    const { queue } = queueOf();
    const secrets = { api_key_comfy_org: 'k', auth_token_comfy_org: 't', client_id: 'c' };
    queue.finish(entry(item(1, 'a', secrets)));
    expect(queue.historyOf('a').a?.prompt[3]).toEqual({ client_id: 'c' });
  });

  it('is empty for an unknown id and after clearing', () => {
    const queue = filled();
    queue.removeHistory('p1');
    expect(queue.historyOf('p1')).toEqual({});
    queue.clearHistory();
    expect(queue.history({})).toEqual({});
  });

  it('stays within ten thousand and one entries', () => {
    const { queue } = queueOf();
    for (let number = 0; number < 10_005; number += 1) queue.finish(entry(item(number)));
    expect(Object.keys(queue.history({}))).toHaveLength(10_001);
    expect(queue.historyOf('p0')).toEqual({});
  });
});
