/** Moving a queue to an endpoint and back over the whole built product: kills, races and money included (peers: a queue that must be sent again by hand). */
import { describe, expect, it } from 'vitest';
import { workWithPod } from '../../support/work-with-pod.ts';
import { workflow } from '../../support/workflows.ts';
import { ended, executing, namedWork } from '../../support/working-engine.ts';

const work = workWithPod();

const token = (): string => `w${Math.random().toString(36).slice(2, 10)}`;

/** Ten in the queue: one runs, one lies in ComfyUI's queue behind it, eight wait. */
async function queueTen(run: string): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < 10; n += 1) ids.push(await work.engine.submit(namedWork(`${run}-${n}`, n === 0 ? 3 : 0.2)));
  await work.engine.reaches(ids[0] ?? '', executing);
  await work.engine.reaches(ids[1] ?? '', ({ state }) => state.kind === 'running' && state.phase === 'waiting');
  return ids;
}

async function eachOnce(run: string, ids: readonly string[]): Promise<void> {
  for (const [n, id] of ids.entries()) {
    const job = await work.engine.reaches(id, ended);
    expect([job.state.kind, job.files.length], JSON.stringify(job.timeline)).toEqual(['completed', 1]);
    const where = job.state.kind === 'completed' ? job.state.target : null;
    expect([where, work.madeHere(`${run}-${n}`), work.madeThere(`${run}-${n}`)]).toEqual(
      where === 'pod' ? ['pod', 0, 1] : ['local', 1, 0],
    );
  }
  expect((await work.engine.list()).counts).toMatchObject({ queued: 0, running: 0, completed: ids.length });
  const spend = (await work.engine.endpoint())?.spend;
  expect([spend?.today, spend?.reserved]).toEqual([await work.charged(), 0]);
}

describe('offload', () => {
  it('moves what has not begun, also what lies in the queue of ComfyUI; what runs stays and says why', async () => {
    const run = token();
    const ids = await queueTen(run);
    const answer = await work.engine.offload({ target: 'pod', jobs: ids.slice(0, 6) });
    expect(answer.moved.map(({ id }) => id).sort()).toEqual(ids.slice(1, 6).sort());
    expect(answer.stayed).toEqual([{ id: ids[0], reason: 'It runs already.' }]);
    await eachOnce(run, ids);
    expect(ids.map((_, n) => work.madeThere(`${run}-${n}`))).toEqual([0, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    const moved = await work.engine.look(ids[1] ?? '');
    expect(moved.timeline.map(({ message }) => message)).toEqual([
      'Given to local.',
      'Not started on local: It was taken back before it began.',
      'Moved to pod.',
      'Given to pod.',
      'Done: 1 file.',
    ]);
    expect(moved.wantedTarget).toBe('pod');
  });

  it.each([
    ['at once', 0],
    ['a moment later', 8],
    ['while ComfyUI is asked', 25],
    ['when the first are handed over', 90],
    ['while they run there', 500],
  ])('five of ten, and the engine is killed %s: ten lines, every picture once', async (_, killAfterMs) => {
    const run = token();
    const ids = await queueTen(run);
    const moving = work.engine.offload({ target: 'pod', jobs: ids.slice(1, 6) }).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, killAfterMs));
    await work.killEngine();
    await moving;
    await work.reopenEngine();
    const list = await work.engine.list();
    expect(list.jobs.map(({ id }) => id)).toEqual([...ids].reverse());
    const uncertain: string[] = [];
    for (const id of ids) {
      const { state } = await work.engine.reaches(id, ended);
      if (state.kind === 'failed' && state.error.code === 'outcome_unknown') uncertain.push(id);
    }
    // Killed between the hand-over and RunPod's answer: that is said, and nothing is sent twice.
    expect(uncertain.length).toBeLessThanOrEqual(2);
    if (uncertain.length === 0) await eachOnce(run, ids);
    for (const n of ids.keys()) {
      expect(work.madeHere(`${run}-${n}`) + work.madeThere(`${run}-${n}`), String(n)).toBeLessThanOrEqual(1);
    }
  });

  it('that began just as it was moved stays where it runs, and runs once', async () => {
    const run = token();
    // Short ones: the second begins while it is asked back.
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) ids.push(await work.engine.submit(namedWork(`${run}-${n}`, 0.03)));
    while ((await work.engine.list()).counts.queued > 0) await work.engine.offload({ target: 'pod', jobs: ids });
    await work.engine.offload({ target: 'pod', jobs: ids });
    await eachOnce(run, ids);
  });

  it('says in words what cannot move, and moves the rest', async () => {
    await work.engine.submit(namedWork(token(), 3));
    const files = await work.engine.submit(workflow('upload_invert', { '1.image': 'nothing.png' }));
    const page = await work.engine.submit(workflow('preview_only'));
    const good = await work.engine.submit(namedWork(token(), 0.1));
    const answer = await work.engine.offload({ target: 'pod', jobs: [files, page, good, 'no-such-job'] });
    expect(answer.moved).toEqual([{ id: good }]);
    const reasons = new Map(answer.stayed.map(({ id, reason }) => [id, reason]));
    expect(reasons.get(files)).toMatch(/needs nothing\.png/);
    expect(reasons.get(page)).toMatch(/only go to ComfyUI's page/);
    expect(reasons.get('no-such-job')).toBe('There is no such job.');
    await work.engine.reaches(good, ended);
    expect(await work.engine.offload({ target: 'pod', jobs: [good] })).toMatchObject({
      stayed: [{ reason: 'It has ended.' }],
    });
    const unknown = await work.engine.call('POST', '/v1/jobs/offload', { target: 'moon' });
    expect(await unknown.json()).toMatchObject({ error: { code: 'target_unknown', details: { targets: ['pod'] } } });
  });

  it('never passes a limit: as many as the day allows at their worst, the others stay; a paused endpoint takes none', async () => {
    // 6 s at most, 500 a second: 3,000 for each; the day takes two.
    await work.engine.addEndpoint(work.runpod, { executionTimeoutSeconds: 6, capPerDay: 6500, maxJobs: 1 });
    const ids = await queueTen(token());
    const answer = await work.engine.offload({ target: 'pod', jobs: ids.slice(2, 6) });
    expect(answer.moved.map(({ id }) => id)).toEqual(ids.slice(2, 4));
    for (const { reason } of answer.stayed) expect(reason).toMatch(/limit of \$0\.0065 a day is reached/);
    await work.engine.call('POST', '/v1/endpoints/pod/pause', { paused: true });
    const paused = await work.engine.offload({ target: 'pod', jobs: [ids[9] ?? ''] });
    expect(paused.stayed[0]?.reason).toMatch(/pod is paused/);
  });
});

describe('bring back', () => {
  it('brings home what has not begun there: what waits here for it, and what waits in its queue at RunPod', async () => {
    const run = token();
    await work.runpod.faults({ throttled: true });
    const ids = await queueTen(run);
    await work.engine.offload({ target: 'pod', jobs: ids.slice(5) });
    await work.engine.reaches(ids[5] ?? '', ({ state }) => state.kind === 'running' && state.phase === 'waiting');
    await work.engine.reaches(ids[6] ?? '', ({ state }) => state.kind === 'running' && state.phase === 'waiting');
    const answer = await work.engine.bringBack();
    expect([answer.moved.length, answer.stayed]).toEqual([5, []]);
    await work.runpod.faults({ throttled: false });
    await eachOnce(run, ids);
    expect((await work.runpod.ledger()).map(({ status, chargedMs }) => [status, chargedMs])).toEqual([
      ['CANCELLED', 0],
      ['CANCELLED', 0],
    ]);
    expect((await work.engine.look(ids[5] ?? '')).wantedTarget).toBe('auto');
  });

  it('leaves what runs there, and goes back when RunPod answers again, also by the next engine', async () => {
    const run = token();
    await work.engine.addEndpoint(work.runpod, { maxJobs: 3 });
    const [running, waiting] = [
      await work.engine.submit(namedWork(`${run}-0`, 2)),
      await work.engine.submit(namedWork(`${run}-1`, 0.2)),
    ];
    await work.runpod.faults({ throttled: true });
    expect((await work.engine.offload({ target: 'pod', jobs: [running, waiting] })).moved.length).toBeGreaterThan(0);
    await work.engine.reaches(
      waiting,
      ({ state }) => state.kind === 'running' && state.target === 'pod' && state.phase === 'waiting',
    );
    await work.runpod.faults({ throttled: true, answers: [{ operation: 'cancel', answer: 'drop', times: 1 }] });
    const asked = work.engine.bringBack([waiting]).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await work.killEngine();
    await asked;
    await work.reopenEngine();
    await work.runpod.faults({ throttled: false });
    const job = await work.engine.reaches(waiting, ended);
    expect(job.state).toMatchObject({ kind: 'completed', target: 'local' });
    expect([work.madeHere(`${run}-1`), work.madeThere(`${run}-1`)]).toEqual([1, 0]);
    await work.engine.reaches(running, ended);
  });

  it('a failed job is tried elsewhere, and each try is paid by itself', async () => {
    const id = await work.engine.submit(workflow('fail_runtime'), { target: 'pod' });
    await work.engine.reaches(id, ended);
    await work.engine.call('POST', `/v1/jobs/${id}/retry`, { target: 'local' });
    expect((await work.engine.reaches(id, ended)).state).toMatchObject({
      kind: 'failed',
      error: { code: 'prompt_failed' },
    });
    await work.engine.call('POST', `/v1/jobs/${id}/retry`, { target: 'pod' });
    await work.engine.reaches(id, ended);
    expect(await work.runpod.ledger()).toHaveLength(2);
    expect((await work.engine.endpoint())?.spend).toMatchObject({ today: await work.charged(), reserved: 0 });
    const refused = await work.engine.call('POST', `/v1/jobs/${id}/retry`, { target: 'moon' });
    expect(refused.status).toBe(400);
  });
});
