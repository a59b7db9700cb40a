import { describe, expect, it } from 'vitest';
import type { QueueItemTuple } from '../../../../engine/comfyui/queue-items.ts';
import { asleepAnswer } from '../../../../engine/gateway/asleep-answers.ts';

const HISTORY = { a: { n: 1 }, b: { n: 2 }, c: { n: 3 }, 'd/e': { n: 4 } };

const NOTHING = (): [] => [];

function answer(method: string, target: string, kept: () => readonly QueueItemTuple[] = NOTHING): unknown {
  const route = target.split('?')[0] ?? '';
  return asleepAnswer({ method, route, target }, HISTORY, kept)?.json;
}

describe('what is true while ComfyUI does not run', () => {
  it('nothing is queued', () => {
    expect(answer('GET', '/queue')).toEqual({ queue_running: [], queue_pending: [] });
    expect(answer('GET', '/prompt')).toEqual({ exec_info: { queue_remaining: 0 } });
  });

  it('but for what Stoker keeps until ComfyUI may run', () => {
    const kept = (): QueueItemTuple[] => [[0, 'p', { 1: {} }, {}, ['1']]];
    expect(answer('GET', '/queue', kept)).toEqual({ queue_running: [], queue_pending: kept() });
    expect(answer('GET', '/prompt', kept)).toEqual({ exec_info: { queue_remaining: 1 } });
  });

  it.each(['/interrupt', '/queue', '/free'])('POST %s has nothing to do, which ComfyUI answers emptily', (route) => {
    expect(answer('POST', route)).toBeNull();
  });

  it.each([
    ['GET', '/system_stats'],
    ['GET', '/features'],
    ['GET', '/internal/logs'],
    ['HEAD', '/queue'],
    ['OPTIONS', '/prompt'],
    ['POST', '/history'],
  ])('%s %s only ComfyUI can answer', (method, target) => {
    expect(answer(method, target)).toBeUndefined();
  });
});

describe('the last known history, paged as ComfyUI does', () => {
  const ids = (target: string): string[] => Object.keys(answer('GET', target) as object);

  it.each([
    ['/history', ['a', 'b', 'c', 'd/e']],
    // What an open tab asks for: the newest.
    ['/history?max_items=2', ['c', 'd/e']],
    ['/history?max_items=64', ['a', 'b', 'c', 'd/e']],
    ['/history?max_items=2&offset=1', ['b', 'c']],
    ['/history?offset=3', ['d/e']],
    ['/history?offset=9', []],
    ['/history?max_items=2&offset=-1', ['c', 'd/e']],
    // As recorded in its code: it looks at the limit after adding.
    ['/history?max_items=0&offset=0', ['a']],
    ['/history?max_items=nonsense', ['a', 'b', 'c', 'd/e']],
  ])('%s', (target, expected) => {
    expect(ids(target)).toEqual(expected);
  });

  it('one prompt, or nothing for one it does not know', () => {
    expect(answer('GET', '/history/b')).toEqual({ b: { n: 2 } });
    expect(answer('GET', '/history/d%2Fe')).toEqual({ 'd/e': { n: 4 } });
    expect(answer('GET', '/history/unknown')).toEqual({});
    expect(answer('GET', '/history/constructor')).toEqual({});
    expect(answer('GET', '/history/%E0%A4%A')).toEqual({});
  });
});
