import { describe, expect, it } from 'vitest';
import { createVideoMemory } from '../../../../../simulator/comfyui/execution/video-memory.ts';

const gibibyte = 1024 ** 3;

describe('the memory of the simulated card', () => {
  it('is free until work begins', () => {
    expect(createVideoMemory(24 * gibibyte).freeBytes()).toBe(24 * gibibyte);
  });

  it('keeps the context when the model is unloaded: only the end of the process gives everything back', () => {
    const memory = createVideoMemory(24 * gibibyte);
    memory.load();
    const loaded = memory.freeBytes();
    memory.unload();
    expect(memory.freeBytes()).toBeGreaterThan(loaded);
    expect(memory.freeBytes()).toBeLessThan(24 * gibibyte);
    expect([memory.modelLoaded(), memory.reservedBytes()]).toEqual([false, 0]);
  });

  it('has nothing to unload before anything was loaded', () => {
    const memory = createVideoMemory(gibibyte);
    memory.unload();
    expect(memory.freeBytes()).toBe(gibibyte);
  });

  it.each([0, 0.1, 1, 4])('never goes below nothing, with %f GB', (size) => {
    const memory = createVideoMemory(size * gibibyte);
    memory.load();
    expect(memory.freeBytes()).toBeGreaterThanOrEqual(0);
  });
});
