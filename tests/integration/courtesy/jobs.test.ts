/** Jobs while the card is given away: the one that runs is finished, the one behind it goes back to its queue, and each runs once. */
import { afterEach, expect, it } from 'vitest';
import { JobListSchema, JobSchema } from '../../../contract/jobs.ts';
import { MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { startEngine, stopEngines } from '../../support/engine-process.ts';
import { untilFound } from '../../support/until.ts';
import { workflow } from '../../support/workflows.ts';

afterEach(stopEngines);

it('a job that waited in ComfyUI is neither kept with the prompts, nor cancelled, nor counted as an attempt', async () => {
  const engine = await startEngine({
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0.3`,
    },
  });
  const ids: string[] = [];
  for (const seed of [1, 2]) {
    const slow = workflow('slow_progress_10s', { '2.seconds': 2, '2.steps': 4, '2.seed': seed });
    ids.push(JobSchema.parse(await (await engine.post(MANAGER_ROUTES.jobs, { workflow: slow })).json()).id);
  }
  await engine.until(({ queue }) => queue.running === 1 && queue.pending === 1);
  await engine.post(MANAGER_ROUTES.pause);
  const free = await engine.until(({ courtesy }) => courtesy.state === 'yielded');
  expect(free.courtesy.parkedPrompts).toBe(0);
  const waiting = await untilFound(async () => {
    const list = JobListSchema.parse(await (await fetch(`${engine.url}${MANAGER_ROUTES.jobs}`)).json());
    return list.counts.completed === 1 && list.counts.queued === 1 ? list : null;
  }, 'one job done and one queued');
  expect(waiting.jobs.map(({ id, state }) => [id, state.kind])).toEqual([
    [ids[1], 'queued'],
    [ids[0], 'completed'],
  ]);
  await engine.post(MANAGER_ROUTES.resume);
  const done = await untilFound(async () => {
    const job = JobSchema.parse(await (await fetch(`${engine.url}${MANAGER_ROUTES.jobs}/${ids[1]}`)).json());
    return job.state.kind === 'completed' ? job : null;
  }, 'the end of the second job');
  expect(done.files).toHaveLength(1);
}, 90_000);
