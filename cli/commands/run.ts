/** `stoker run workflow.json`: submits a workflow as a durable job, and with `--wait` follows it and brings its results. */
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { type Job, JobSchema } from '../../contract/jobs.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { CommandFailure } from '../command-failure.ts';
import type { EngineClient } from '../engine-client.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { progressWords, stateWords } from '../job-view.ts';
import { createProgressLine, print, printJson } from '../output.ts';

interface RunOptions extends ClientOptions {
  readonly on: string;
  readonly title?: string;
  readonly wait?: boolean;
  readonly out?: string;
}

const LOOK_EVERY_MS = 300;

export function runCommand(): Command {
  return clientCommand('run', 'submit a workflow (API format) as a job that survives everything')
    .argument('<workflow.json>', 'exported from ComfyUI with “Export (API)”')
    .option('--on <target>', 'auto, local, or the name of an endpoint', 'auto')
    .option('--title <text>', 'what the list shows')
    .option('--wait', 'follow it to its end')
    .option('--out <folder>', 'save its results there (implies --wait)')
    .action(async (file: string, options: RunOptions) => {
      const workflow = readWorkflow(file);
      const client = openClient(options);
      const body = { workflow, target: options.on, ...(options.title === undefined ? {} : { title: options.title }) };
      const submitted = await client.post(MANAGER_ROUTES.jobs, body, JobSchema);
      const waits = options.wait === true || options.out !== undefined;
      if (!options.json) print(`Job ${submitted.id}${waits ? '' : ' is queued.'}`);
      const job = waits ? await follow(client, submitted) : submitted;
      const files = options.out === undefined ? [] : await save(client, job, options.out);
      if (options.json) printJson(job);
      else if (waits) print([stateWords(job.state), ...(job.note === null ? [] : [job.note]), ...files]);
      if (waits && job.state.kind !== 'completed') process.exitCode = EXIT_CODES.jobFailed.code;
    });
}

function readWorkflow(file: string): unknown {
  const refuse = (message: string, next: string): never => {
    throw new CommandFailure({
      source: 'stoker',
      error: { code: 'invalid_workflow', message, details: { next, file } },
    });
  };
  let workflow: unknown;
  try {
    workflow = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(`${file} cannot be read: ${why}.`, 'Name a file that holds a workflow as JSON.');
  }
  if (typeof workflow === 'object' && workflow !== null && 'nodes' in workflow && Array.isArray(workflow.nodes)) {
    return refuse(
      `${file} is a workflow as ComfyUI's page saves it.`,
      'Export it with “Workflow → Export (API)” and run that file.',
    );
  }
  return workflow;
}

async function follow(client: EngineClient, submitted: Job): Promise<Job> {
  const line = createProgressLine();
  for (let job = submitted; ; job = await client.get(`${MANAGER_ROUTES.jobs}/${submitted.id}`, JobSchema)) {
    line.show(job.note ?? progressWords(job));
    if (job.state.kind !== 'queued' && job.state.kind !== 'running') {
      line.clear();
      return job;
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** Under their own names; one that is there already is kept, and the new one gets a number. @returns the files written */
async function save(client: EngineClient, job: Job, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const written: string[] = [];
  for (const { n, filename } of job.files) {
    const content = await client.download(`${MANAGER_ROUTES.jobs}/${job.id}/outputs/${n}`);
    written.push(await writeNew(folder, filename, content));
  }
  return written;
}

async function writeNew(folder: string, filename: string, content: AsyncIterable<Uint8Array>): Promise<string> {
  // The engine's names come from ComfyUI or from a worker: only the last part may become a file here.
  const plain = filename.split(/[\\/]/).at(-1) || 'result';
  const ending = extname(plain);
  const stem = plain.slice(0, plain.length - ending.length);
  for (let count = 1; ; count += 1) {
    const file = join(folder, count === 1 ? plain : `${stem}-${count}${ending}`);
    try {
      await pipeline(content, createWriteStream(file, { flags: 'wx' }));
      return file;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}
