/**
 * A queue of ComfyUI's page that is too long for this computer's card (peers: pressing Run again, by hand, on a rented machine): its prompts
 * move like any job, also while the card is given away and over a kill of the engine.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ComfyTab, openTab } from '../../support/comfy-tab.ts';
import { workWithPod } from '../../support/work-with-pod.ts';
import { ended, namedWork } from '../../support/working-engine.ts';

const work = workWithPod();
let tab: ComfyTab;

beforeEach(async () => {
  tab = await openTab(work.engine.process.url);
});
afterEach(() => tab.close());

const run = `p${Math.random().toString(36).slice(2, 10)}`;

/** Ten pressed in the page: one runs, nine lie in ComfyUI's own queue. */
async function pressTen(name: string): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < 10; n += 1) {
    ids.push((await tab.queue(namedWork(`${name}-${n}`, n === 0 ? 4 : n < 3 ? 2 : 0.2))).promptId);
  }
  await work.engine.process.until(({ queue }) => queue.running === 1 && queue.pending === 9);
  return ids;
}

/** Each in the list once, complete, and its picture made once in all the world. */
async function eachOnce(name: string, ids: readonly string[], there: ReadonlySet<string>): Promise<void> {
  for (const [n, id] of ids.entries()) {
    const job = await work.engine.reaches(id, ended);
    expect([n, job.state.kind, job.files.length], JSON.stringify(job.timeline)).toEqual([n, 'completed', 1]);
    const label = `${name}-${n}`;
    expect([n, work.madeHere(label), work.madeThere(label)]).toEqual(there.has(id) ? [n, 0, 1] : [n, 1, 0]);
  }
  const list = await work.engine.list();
  expect(list.jobs.map(({ id }) => id)).toEqual([...ids].reverse());
}

it('ten in the page, five moved, the engine killed: ten lines that tell the truth, every picture once', async () => {
  const name = `${run}-a`;
  const ids = await pressTen(name);
  const { moved, stayed } = await work.engine.offload({ target: 'pod', jobs: ids.slice(0, 6) });
  expect(moved.map(({ id }) => id).sort()).toEqual(ids.slice(1, 6).sort());
  expect(stayed).toEqual([{ id: ids[0], reason: 'It runs already.' }]);
  // Between two that are handed over: a kill in the middle of one is an unknown outcome, and told as such (offload.test.ts).
  const taken = moved.map(({ id }) => id).filter((_, n) => n < 2);
  for (const id of taken)
    await work.engine.reaches(id, ({ state }) => state.kind === 'running' && state.remoteId !== null);
  await work.killEngine();
  await work.reopenEngine();
  await eachOnce(name, ids, new Set(moved.map(({ id }) => id)));
}, 90_000);

it('the card is given away: five of the kept go to the endpoint, the others wait over a kill until it is back', async () => {
  const name = `${run}-b`;
  const ids = await pressTen(name);
  await work.engine.call('POST', '/pause');
  await work.engine.process.until(({ courtesy }) => courtesy.state === 'yielded' && courtesy.parkedPrompts === 9);
  const { moved, stayed } = await work.engine.offload({ target: 'pod', jobs: ids.slice(1, 6) });
  expect([moved.length, stayed]).toEqual([5, []]);
  await work.killEngine();
  await work.reopenEngine();
  for (const id of ids.slice(1, 6)) await work.engine.reaches(id, ended);
  const paused = await work.engine.process.status();
  expect([paused.state, paused.courtesy.parkedPrompts]).toEqual(['stopped', 4]);
  await work.engine.call('POST', '/resume');
  await eachOnce(name, ids, new Set(ids.slice(1, 6)));
}, 120_000);

it('brought back before it begins there, it is a prompt of the page again, on the socket of its tab', async () => {
  const name = `${run}-c`;
  await work.runpod.faults({ throttled: true });
  const ids = await pressTen(name);
  const last = ids[9] ?? '';
  expect((await work.engine.offload({ target: 'pod', jobs: [last] })).moved).toEqual([{ id: last }]);
  await work.engine.reaches(last, ({ state }) => state.kind === 'running' && state.target === 'pod');
  await work.engine.reaches(last, ({ state }) => state.kind === 'running' && state.phase === 'waiting');
  expect((await work.engine.bringBack()).moved).toEqual([{ id: last }]);
  await eachOnce(name, ids, new Set());
  await tab.next(({ type, data }) => type === 'execution_success' && data.prompt_id === last);
}, 90_000);
