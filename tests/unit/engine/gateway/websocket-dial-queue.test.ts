import { describe, expect, it } from 'vitest';
import { createDialQueue } from '../../../../engine/gateway/websocket-dial-queue.ts';

describe('the dial queue', () => {
  it('admits as many as it has places, the others in their order as places come free', () => {
    const queue = createDialQueue(2);
    const begun: string[] = [];
    const leave = new Map(['a', 'b', 'c', 'd'].map((name) => [name, queue.enter(() => begun.push(name))]));
    expect(begun).toEqual(['a', 'b']);
    leave.get('c')?.();
    leave.get('a')?.();
    leave.get('a')?.();
    expect(begun).toEqual(['a', 'b', 'd']);
  });

  it('can be left from within', () => {
    const queue = createDialQueue(1);
    const begun: number[] = [];
    for (let index = 0; index < 100; index += 1) {
      queue.enter((leave) => {
        begun.push(index);
        leave();
      });
    }
    expect(begun).toHaveLength(100);
  });
});
