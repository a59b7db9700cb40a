/** kill -9 of the engine while the card is given away and taken back: no prompt is lost, and none runs twice. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { JobSchema } from '../../../contract/jobs.ts';
import { MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { untilFound } from '../../support/until.ts';
import { workflow } from '../../support/workflows.ts';

const command = (): string =>
  `"${process.execPath}" "${join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js')}" --listen {host} --port {port} --sim-start-seconds 0.3`;

let folder: string;
let engine: EngineProcess;

async function begin(): Promise<void> {
  engine = await startEngine({
    dataFolder: folder,
    environment: { STOKER_INSTALLATION_COMMAND_LINE: command() },
  });
}

afterEach(async () => {
  await stopEngines();
  rmSync(folder, { recursive: true, force: true });
});

const queue = async (seconds: number, seed: number): Promise<string> => {
  const prompt = workflow('slow_progress_10s', { '2.seconds': seconds, '2.steps': 4, '2.seed': seed });
  const answer = await engine.post('/prompt', { prompt, client_id: 'killed', prompt_id: `prompt-${seed}` });
  return ((await answer.json()) as { prompt_id: string }).prompt_id;
};

const completed = async (id: string): Promise<true | null> => {
  const job = JobSchema.parse(await (await fetch(`${engine.url}${MANAGER_ROUTES.jobs}/${id}`)).json());
  return job.state.kind === 'completed' ? true : null;
};

/** ComfyUI prints a line for each prompt that it has run to its end. */
const executed = (logFile: string): number => readFileSync(logFile, 'utf8').split('Prompt executed in').length - 1;

/** What the engine was seen to do when it is killed. Delays step through the moments in between. */
const MOMENTS: readonly (readonly [string, (kill: () => Promise<void>) => Promise<void>])[] = [
  ...[0, 3, 8, 20].map(
    (delayMs) =>
      [
        `${delayMs} ms after pause was pressed`,
        async (kill: () => Promise<void>) => {
          void engine.post('/manager/pause').catch(() => undefined);
          await new Promise((resolve) => setTimeout(resolve, delayMs));
          await kill();
        },
      ] as const,
  ),
  [
    'when three are kept',
    async (kill) => {
      await engine.post('/manager/pause');
      await engine.until(({ courtesy }) => courtesy.parkedPrompts === 3);
      await kill();
    },
  ],
  [
    'when the card is free',
    async (kill) => {
      await engine.post('/manager/pause');
      await engine.until(({ courtesy }) => courtesy.state === 'yielded');
      await kill();
    },
  ],
  ...[4, 3, 2, 1].map(
    (left) =>
      [
        `while they are queued again, ${left - 1} or fewer still kept`,
        async (kill: () => Promise<void>) => {
          await engine.post('/manager/pause');
          await engine.until(({ courtesy }) => courtesy.parkedPrompts === 3);
          await engine.post('/manager/resume');
          await engine.until(({ courtesy }) => courtesy.parkedPrompts < left);
          await kill();
        },
      ] as const,
  ),
];

it.each(MOMENTS)(
  'killed %s',
  async (_, until) => {
    folder = mkdtempSync(join(tmpdir(), 'stoker-courtesy-'));
    await begin();
    const ids: string[] = [];
    for (const [index, seconds] of [1.5, 0.4, 0.4, 0.4].entries()) ids.push(await queue(seconds, index + 1));
    await engine.until(({ queue: { running, pending } }) => running === 1 && pending === 3);
    await until(() => engine.kill());
    await begin();
    await engine.post('/manager/resume');
    for (const id of ids) await untilFound(() => completed(id), `the end of ${id}`);
    await engine.until(({ queue: { running, pending, known }, courtesy }) => {
      return known && running + pending + courtesy.parkedPrompts === 0;
    });
    // Whichever process ran it: the file goes on.
    const logFile = join(folder, 'comfyui/logs/comfyui.log');
    await untilFound(async () => (executed(logFile) >= ids.length ? true : null), 'the last line of the log');
    expect(executed(logFile)).toBe(ids.length);
  },
  90_000,
);
