import { describe, expect, it } from 'vitest';
import { createNodeCache, nodeSignatures } from '../../../../../simulator/comfyui/execution/node-cache.ts';
import type { Prompt } from '../../../../../simulator/comfyui/execution/prompt.ts';

const prompt = (colour: number, ids: [string, string] = ['1', '2']): Prompt => ({
  [ids[0]]: { class_type: 'Make', inputs: { colour, size: 8 } },
  [ids[1]]: { class_type: 'Save', inputs: { image: [ids[0], 0] } },
});
const unchanged = () => '';
const result = { outputs: ['x'], ui: undefined };

describe('signatures', () => {
  it('do not depend on the names of nodes or the order of inputs', () => {
    const other: Prompt = {
      b: { class_type: 'Save', inputs: { image: ['a', 0] } },
      a: { class_type: 'Make', inputs: { size: 8, colour: 1 } },
    };
    const [left, right] = [nodeSignatures(prompt(1), unchanged), nodeSignatures(other, unchanged)];
    expect([left.get('1'), left.get('2')]).toEqual([right.get('a'), right.get('b')]);
  });

  it('change with every input of an ancestor', () => {
    expect(nodeSignatures(prompt(1), unchanged).get('2')).not.toBe(nodeSignatures(prompt(2), unchanged).get('2'));
  });

  it('change with the file behind an ancestor', () => {
    const changed = (id: string) => (id === '1' ? 'other bytes' : '');
    expect(nodeSignatures(prompt(1), unchanged).get('2')).not.toBe(nodeSignatures(prompt(1), changed).get('2'));
  });

  it('tell a link from the value that looks like it', () => {
    const linked: Prompt = { 1: { class_type: 'A', inputs: {} }, 2: { class_type: 'B', inputs: { x: ['1', 0] } } };
    const valued: Prompt = { 1: { class_type: 'A', inputs: {} }, 2: { class_type: 'B', inputs: { x: '1' } } };
    expect(nodeSignatures(linked, unchanged).get('2')).not.toBe(nodeSignatures(valued, unchanged).get('2'));
  });
});

describe('the cache', () => {
  const turnTo = (cache: ReturnType<typeof createNodeCache>, next: Prompt) =>
    cache.turnTo(nodeSignatures(next, unchanged));

  it('finds a result again under another node id', () => {
    const cache = createNodeCache();
    turnTo(cache, prompt(1));
    cache.set('1', result);
    turnTo(cache, prompt(1, ['a', 'b']));
    expect(cache.get('a')).toBe(result);
  });

  it('forgets what the newest prompt does not use', () => {
    const cache = createNodeCache();
    turnTo(cache, prompt(1));
    cache.set('1', result);
    turnTo(cache, prompt(2));
    turnTo(cache, prompt(1));
    expect(cache.get('1')).toBeUndefined();
  });

  it('is empty after clear', () => {
    const cache = createNodeCache();
    turnTo(cache, prompt(1));
    cache.set('1', result);
    cache.clear();
    expect(cache.get('1')).toBeUndefined();
  });
});
