import { beforeEach, describe, expect, it } from 'vitest';
import type { QueueItem } from '../../../../engine/comfyui/queue-items.ts';
import { createParking, type Parking } from '../../../../engine/courtesy/parking.ts';
import { createWithdrawals, type Withdrawals } from '../../../../engine/courtesy/withdrawals.ts';

const item = (promptId: string, clientId = 'tab'): QueueItem => ({
  promptId,
  prompt: { 1: { class_type: 'Save' } },
  extraData: { client_id: clientId, extra_pnginfo: { workflow: 1 } },
  outputs: ['1'],
});

/** A ComfyUI that runs one at a time, and may go on between any two calls. */
function createComfy() {
  const comfy = {
    running: null as QueueItem | null,
    pending: [] as QueueItem[],
    ended: [] as string[],
    /** Called before each call is answered. */
    between: () => undefined as unknown,
    begin() {
      comfy.running ??= comfy.pending.shift() ?? null;
    },
    end() {
      if (comfy.running !== null) comfy.ended.push(comfy.running.promptId);
      comfy.running = null;
      comfy.begin();
    },
    async read() {
      comfy.between();
      return { running: comfy.running === null ? [] : [comfy.running.promptId], pending: [...comfy.pending] };
    },
    async remove(ids: readonly string[]) {
      comfy.between();
      comfy.pending = comfy.pending.filter(({ promptId }) => !ids.includes(promptId));
    },
  };
  return comfy;
}

let comfy: ReturnType<typeof createComfy>;
/** Jobs of the page, by their prompt. */
let journaled: Map<string, string>;
let withdrawals: Withdrawals;
let parking: Parking;

beforeEach(() => {
  comfy = createComfy();
  comfy.pending = [item('a'), item('b'), item('c')];
  comfy.begin();
  journaled = new Map([['b', 'job-b']]);
  withdrawals = createWithdrawals(() => ({
    jobOf: (promptId) => journaled.get(promptId) ?? null,
    async adopt({ promptId }) {
      journaled.set(promptId, `new-${promptId}`);
      return `new-${promptId}`;
    },
  }));
  parking = createParking({ comfy, withdraw: withdrawals.add });
});

const end = (...calls: number[]): void => {
  let count = 0;
  comfy.between = () => {
    count += 1;
    if (calls.includes(count)) comfy.end();
  };
};

describe('setting aside', () => {
  it('leaves what runs, and withdraws what waits', async () => {
    expect(await parking.park()).toBe(1);
    expect([comfy.running?.promptId, comfy.pending, withdrawals.pagePrompts()]).toEqual(['a', [], 2]);
    expect(['job-b', 'new-c'].map(withdrawals.take)).toEqual([true, true]);
    expect(['job-b', 'new-c'].map(withdrawals.take)).toEqual([false, false]);
  });

  it('every prompt is a job on disk before it is deleted from ComfyUI, also one that came by another way', async () => {
    comfy.remove = async () => {
      expect([...journaled.keys()]).toEqual(['b', 'c']);
      throw new Error('and then the power went');
    };
    await expect(parking.park()).rejects.toThrow('power');
  });

  it('one that began to run between reading and deleting is not withdrawn', async () => {
    end(2);
    expect(await parking.park()).toBe(1);
    expect([comfy.running?.promptId, withdrawals.take('job-b'), withdrawals.take('new-c')]).toEqual(['b', false, true]);
  });

  it('nor is a job of the API, which is known by its client', async () => {
    comfy.pending = [item('j1', 'stoker-job-j1'), item('j2', 'stoker-job-j2')];
    end(2);
    await parking.park();
    expect(withdrawals.pagePrompts()).toBe(0);
    expect([comfy.running?.promptId, withdrawals.take('j1'), withdrawals.take('j2')]).toEqual(['j1', false, true]);
  });
});
