import { expect, it } from 'vitest';
import { createBodyBuffers } from '../../../../engine/gateway/body-buffers.ts';

const LARGEST = 256 * 1024;

it('a copy does not change when the memory it came from is read into again', () => {
  const buffers = createBodyBuffers(LARGEST);
  for (const size of [1, 1000, 40_000, LARGEST]) {
    const memory = Buffer.alloc(size, 'a');
    const copy = buffers.copy(memory);
    memory.fill('b');
    expect(copy.equals(Buffer.alloc(size, 'a'))).toBe(true);
  }
});

it('a large buffer is used again once it is given back, and never before', () => {
  const buffers = createBodyBuffers(LARGEST);
  const chunk = Buffer.alloc(100_000);
  const first = buffers.copy(chunk);
  const second = buffers.copy(chunk);
  expect(second.buffer).not.toBe(first.buffer);
  buffers.release(first);
  expect(buffers.copy(chunk).buffer).toBe(first.buffer);
});
