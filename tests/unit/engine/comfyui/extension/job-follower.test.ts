/** Jobs are followed to their end with few connections, over broken streams and an engine that is away. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobNow } from '../../../../../engine/comfyui/extension/job-face.ts';
import { createJobFollower } from '../../../../../engine/comfyui/extension/job-follower.ts';

const at = (kind: 'queued' | 'completed'): JobNow => ({ id: 'x', state: { kind } }) as JobNow;

let streams: Map<string, { told: (job: JobNow) => void; lost: () => void }>;
let timers: (() => void)[];
let answers: Map<string, () => Promise<JobNow | null>>;
let heard: [string, string | null][];

const follower = () =>
  createJobFollower({
    openStream(id, told, lost) {
      streams.set(id, { told, lost });
      return () => streams.delete(id);
    },
    look: (id) => answers.get(id)?.() ?? Promise.resolve(at('queued')),
    after: (_, then) => timers.push(then),
  });
const hear = (id: string) => (job: JobNow | null) => heard.push([id, job?.state.kind ?? null]);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function timePasses(): Promise<void> {
  await turn();
  for (const then of timers.splice(0)) then();
  await turn();
}

beforeEach(() => {
  [streams, timers, answers, heard] = [new Map(), [], new Map(), []];
});

describe('a followed job', () => {
  it('is told of until its end, which closes the stream', () => {
    follower().follow('a', hear('a'));
    streams.get('a')?.told(at('queued'));
    streams.get('a')?.told(at('completed'));
    expect(heard).toEqual([
      ['a', 'queued'],
      ['a', 'completed'],
    ]);
    expect(streams.size).toBe(0);
  });

  it('beyond the second is asked about, until a stream is free', async () => {
    const jobs = follower();
    for (const id of ['a', 'b', 'c']) jobs.follow(id, hear(id));
    await turn();
    expect([...streams.keys(), ...heard]).toEqual(['a', 'b', ['c', 'queued']]);
    await timePasses();
    expect(streams.size).toBe(2);
    streams.get('a')?.told(at('completed'));
    await timePasses();
    expect([...streams.keys()]).toEqual(['b', 'c']);
  });

  it('that ends while it is only asked about is over', async () => {
    const jobs = follower();
    for (const id of ['a', 'b', 'c']) jobs.follow(id, hear(id));
    answers.set('c', () => Promise.resolve(at('completed')));
    await timePasses();
    await timePasses();
    expect(heard.at(-1)).toEqual(['c', 'completed']);
    expect(timers).toEqual([]);
  });

  it('whose stream broke is looked up and followed again, also when nobody answers for a while', async () => {
    follower().follow('a', hear('a'));
    answers.set('a', () => Promise.reject(new Error('away')));
    streams.get('a')?.lost();
    expect(streams.size).toBe(0);
    await timePasses();
    expect([streams.size, heard]).toEqual([1, []]);
  });

  it('that is gone is said once', async () => {
    follower().follow('a', hear('a'));
    answers.set('a', () => Promise.resolve(null));
    streams.get('a')?.lost();
    await timePasses();
    expect([heard, streams.size, timers]).toEqual([[['a', null]], 0, []]);
  });

  it('forgotten is heard of no more', async () => {
    const jobs = follower();
    jobs.follow('a', hear('a'));
    const stream = streams.get('a');
    jobs.forget('a');
    stream?.lost();
    await timePasses();
    expect([heard, streams.size]).toEqual([[], 0]);
  });
});
