import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QueueItem } from '../../../../engine/comfyui/queue-items.ts';
import { createParkedQueue } from '../../../../engine/courtesy/parked-queue.ts';
import { createParking, type Parking } from '../../../../engine/courtesy/parking.ts';
import { createWithdrawals, type Withdrawals } from '../../../../engine/courtesy/withdrawals.ts';
import { silentLog } from '../../../../engine/platform/log.ts';

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
    submitted: [] as string[],
    /** Called before each call is answered. */
    between: () => undefined as unknown,
    /** Called after it was carried out: what throws here is an answer that was lost. */
    after: () => undefined as unknown,
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
      comfy.after();
    },
    async hasEnded(promptId: string) {
      comfy.between();
      return comfy.ended.includes(promptId);
    },
    async submit(submitted: QueueItem) {
      comfy.between();
      if (submitted.promptId.startsWith('bad')) return { kind: 'refused' as const, answer: 'no such node' };
      comfy.submitted.push(submitted.promptId);
      comfy.pending.push(submitted);
      comfy.begin();
      comfy.after();
      return { kind: 'accepted' as const };
    },
  };
  return comfy;
}

let folder: string;
let comfy: ReturnType<typeof createComfy>;
let withdrawals: Withdrawals;
let refused: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-parking-'));
  comfy = createComfy();
  withdrawals = createWithdrawals();
  refused = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As a new engine has it: from the files. */
function open() {
  const parked = createParkedQueue({
    file: join(folder, 'parked.json'),
    refusedFile: join(folder, 'refused.json'),
    log: silentLog(),
  });
  const parking: Parking = createParking({
    comfy,
    parked,
    lastKnownHistory: () => ({}),
    withdraw: withdrawals.add,
    refusalWords: String,
    onRefused: ({ promptId }, reason) => refused.push(`${promptId}: ${reason}`),
  });
  return { parked, parking, ids: () => parked.list().map(({ promptId }) => promptId) };
}

describe('setting aside', () => {
  it('keeps what waits on disk before it is deleted from ComfyUI', async () => {
    comfy.pending = [item('a'), item('b'), item('c')];
    comfy.begin();
    const { parking, ids } = open();
    comfy.remove = async () => {
      expect(open().ids()).toEqual(['b', 'c']);
      throw new Error('and then the power went');
    };
    await expect(parking.park()).rejects.toThrow('power');
    expect(ids()).toEqual(['b', 'c']);
  });

  it('one that began to run between reading and deleting is not kept', async () => {
    comfy.pending = [item('a'), item('b'), item('c')];
    comfy.begin();
    const { parking, ids } = open();
    let calls = 0;
    comfy.between = () => {
      calls += 1;
      if (calls === 2) comfy.end();
    };
    expect(await parking.park()).toBe(1);
    expect([comfy.running?.promptId, ids()]).toEqual(['b', ['c']]);
  });

  it('nor one that began and ended in between', async () => {
    comfy.pending = [item('a'), item('b'), item('c')];
    comfy.begin();
    const { parking, ids } = open();
    let calls = 0;
    comfy.between = () => {
      calls += 1;
      if (calls === 2) comfy.end();
      if (calls === 3) comfy.end();
    };
    expect(await parking.park()).toBe(0);
    expect([comfy.ended, ids()]).toEqual([['a', 'b'], ['c']]);
  });

  it('takes a waiting job out without keeping it: the job is queued anew by itself', async () => {
    comfy.pending = [item('a'), item('j1', 'stoker-job-j1'), item('c')];
    comfy.begin();
    const { parking, ids } = open();
    await parking.park();
    expect([comfy.pending, ids()]).toEqual([[], ['c']]);
    expect([withdrawals.take('j1'), withdrawals.take('j1')]).toEqual([true, false]);
  });

  it('a job that has begun all the same is not withdrawn', async () => {
    comfy.pending = [item('a'), item('j1', 'stoker-job-j1')];
    comfy.begin();
    const { parking } = open();
    let calls = 0;
    comfy.between = () => {
      calls += 1;
      if (calls === 2) comfy.end();
    };
    await parking.park();
    expect([comfy.running?.promptId, withdrawals.take('j1')]).toEqual(['j1', false]);
  });
});

describe('queueing again', () => {
  it('in their order, as they were; a refused one is kept apart with its reason', async () => {
    const { parked, parking, ids } = open();
    parked.add([item('a'), item('bad'), item('c')]);
    await parking.putBack(() => true);
    expect([comfy.submitted, ids(), refused]).toEqual([['a', 'c'], [], ['bad: no such node']]);
    expect(comfy.running).toEqual(item('a'));
    expect(JSON.parse(readFileSync(join(folder, 'refused.json'), 'utf8'))).toEqual([
      { ...item('bad'), reason: 'no such node' },
    ]);
  });

  it('accepted, but the answer was lost: known by its id, whether it waits, runs or has ended meanwhile', async () => {
    for (const goesOn of [0, 1, 2]) {
      comfy = createComfy();
      const { parked } = open();
      parked.add([item('a'), item('b')]);
      comfy.pending = [item('before')];
      comfy.begin();
      comfy.after = () => {
        throw new Error('the engine died');
      };
      await expect(open().parking.putBack(() => true)).rejects.toThrow('died');
      comfy.after = () => undefined;
      for (let time = 0; time < goesOn; time += 1) comfy.end();
      await open().parking.putBack(() => true);
      expect([goesOn, comfy.submitted, open().ids()]).toEqual([goesOn, ['a', 'b'], []]);
    }
  });

  it('stops when the card is wanted again', async () => {
    const { parked, parking, ids } = open();
    parked.add([item('a'), item('b')]);
    await parking.putBack(() => comfy.submitted.length === 0);
    expect([comfy.submitted, ids()]).toEqual([['a'], ['b']]);
  });

  it('a file that is none of ours is moved aside, not written over', () => {
    writeFileSync(join(folder, 'parked.json'), '[{"half');
    const { parked } = open();
    parked.add([item('a')]);
    expect(readFileSync(join(folder, 'parked.json.unreadable'), 'utf8')).toBe('[{"half');
  });
});

it('each prompt runs exactly once, wherever the engine dies and whatever answer is lost (any order)', async () => {
  const script = fc.array(
    fc.record({
      does: fc.constantFrom('park', 'putBack'),
      /** The call after which the engine dies; most live on. */
      diesAfter: fc.option(fc.nat({ max: 8 }), { nil: null }),
      /** Calls before which the prompt that runs ends. */
      ends: fc.array(fc.nat({ max: 8 }), { maxLength: 3 }),
    }),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(script, fc.integer({ min: 1, max: 5 }), async (steps, count) => {
      rmSync(join(folder, 'parked.json'), { force: true });
      comfy = createComfy();
      const all = Array.from({ length: count }, (_, index) => `p${index}`);
      comfy.pending = all.map((id) => item(id));
      comfy.begin();
      for (const { does, diesAfter, ends } of steps) {
        let calls = 0;
        comfy.between = () => {
          if (ends.includes(calls)) comfy.end();
          calls += 1;
        };
        const die = () => {
          if (diesAfter !== null && calls > diesAfter) throw new Error('the engine died');
        };
        comfy.after = die;
        const { parking } = open();
        await (does === 'park' ? parking.park() : parking.putBack(() => true)).catch(() => undefined);
      }
      comfy.between = () => undefined;
      comfy.after = () => undefined;
      await open().parking.putBack(() => true);
      while (comfy.running !== null) comfy.end();
      expect([...comfy.ended].sort()).toEqual(all);
    }),
    { numRuns: 100 },
  );
}, 60_000);
