/**
 * What a job costs beside posting its workflow to ComfyUI itself: until the finished picture is in hand, one at a time and many in a row.
 * The built engine before the simulator, both asked in the same run; what ComfyUI itself takes is in all figures alike.
 */

import { type ComfyTab, openTab } from '../../tests/support/comfy-tab.ts';
import { simulatorEntry } from '../../tests/support/comfyui-process.ts';
import { startEngine, stopEngines } from '../../tests/support/engine-process.ts';
import { interleave, median, medianRatio } from '../gateway/rounds.ts';
import type { TableRow } from '../table.ts';

const WAYS = ['direct', 'page', 'stoker'] as const;
type Way = (typeof WAYS)[number];
/** @returns when the picture of that workflow is in hand */
type Make = (workflow: object) => Promise<void>;

const ROUNDS = 30;
const IN_A_ROW = 20;
const ROW_ROUNDS = 5;

export async function overheadRows(say: (line: string) => void): Promise<TableRow[]> {
  const command = `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0`;
  const engine = await startEngine({
    environment: { STOKER_INSTALLATION_COMMAND_LINE: command, STOKER_IDLE_STOP_AFTER_SECONDS: '0' },
  });
  const tabs: ComfyTab[] = [];
  try {
    await engine.post('/manager/start');
    const { port } = await engine.until(({ state, page }) => state === 'running' && page.store !== 'refreshing');
    const comfyui = `http://127.0.0.1:${port}`;
    for (const url of [comfyui, engine.url]) tabs.push(await openTab(url));
    const [direct, page] = tabs as [ComfyTab, ComfyTab];
    const ways: Record<Way, Make> = {
      direct: (workflow) => makeAsPage(direct, comfyui, workflow),
      page: (workflow) => makeAsPage(page, engine.url, workflow),
      stoker: (workflow) => makeAsJob(engine.url, workflow),
    };
    say('measuring jobs one at a time beside ComfyUI itself');
    const single = await interleave(WAYS, ROUNDS, (way) => timed(() => ways[way](freshWorkflow())));
    say('measuring jobs in a row beside ComfyUI itself');
    const row = await interleave(WAYS, ROW_ROUNDS, (way) =>
      timed(() => Promise.all(Array.from({ length: IN_A_ROW }, () => ways[way](freshWorkflow())))),
    );
    return [
      overheadRow('one job, until its picture is in hand', single, 1),
      overheadRow(`${IN_A_ROW} jobs at once, until all pictures are`, row, IN_A_ROW),
    ];
  } finally {
    for (const tab of tabs) tab.close();
    await stopEngines();
  }
}

function overheadRow(what: string, figures: Record<Way, number[]>, jobs: number): TableRow {
  const more = (median(figures.stoker) - median(figures.direct)) / jobs;
  return {
    what,
    figures: {
      stoker: `${median(figures.stoker).toFixed(0)} ms`,
      'through the gateway': `${median(figures.page).toFixed(0)} ms`,
      'ComfyUI direct': `${median(figures.direct).toFixed(0)} ms`,
    },
    bar: 'none',
    result: `${medianRatio(figures.stoker, figures.direct).toFixed(2)} × direct: ${more.toFixed(0)} ms more a job`,
    verdict: 'yes',
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

let colour = 0;
/** Of its own, so that ComfyUI has nothing of it cached. */
function freshWorkflow(): object {
  colour += 1;
  return {
    '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: colour } },
    '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'bench' } },
  };
}

/** As ComfyUI's page does it: queued, heard on its socket, and the picture fetched. */
async function makeAsPage(tab: ComfyTab, url: string, workflow: object): Promise<void> {
  const { promptId } = await tab.queue(workflow as Parameters<ComfyTab['queue']>[0]);
  await tab.next(({ type, data }) => type === 'execution_success' && data.prompt_id === promptId);
  const history = await askJson<History>(`${url}/history/${promptId}`);
  const [image] = history[promptId]?.outputs['2']?.images ?? [];
  if (image === undefined) throw new Error('ComfyUI made no picture');
  await (await fetch(`${url}/view?${new URLSearchParams({ ...image })}`)).arrayBuffer();
}

type History = Record<string, { outputs: Record<string, { images?: Record<string, string>[] }> }>;

/** As a program does it: submitted, its events read to their end, and the picture fetched. */
async function makeAsJob(url: string, workflow: object): Promise<void> {
  const jobs = `${url}/manager/v1/jobs`;
  const body = JSON.stringify({ workflow, target: 'local' });
  const { id } = await askJson<{ id: string }>(jobs, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  await (await fetch(`${jobs}/${id}/events`)).text();
  const picture = await fetch(`${jobs}/${id}/outputs/0`);
  if (!picture.ok) throw new Error(`job ${id} has no picture: ${picture.status}`);
  await picture.arrayBuffer();
}

async function askJson<Answer>(url: string, init?: RequestInit): Promise<Answer> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
