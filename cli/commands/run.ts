/** `stoker run workflow.json`: submits a workflow as a durable job, and with `--wait` follows it and brings its results. */
import { createReadStream, createWriteStream, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { parseExactly } from '../../contract/exact-json.ts';
import { InputSchema } from '../../contract/inputs.ts';
import { type Job, JobSchema, type Workflow, WorkflowSchema } from '../../contract/jobs.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { CommandFailure } from '../command-failure.ts';
import type { EngineClient } from '../engine-client.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { progressWords, stateWords } from '../job-view.ts';
import { createProgressLine, print, printJson } from '../output.ts';
import { findFileInput, withInput } from '../workflow-inputs.ts';

interface RunOptions extends ClientOptions {
  readonly on: string;
  readonly title?: string;
  readonly input: readonly string[];
  readonly wait?: boolean;
  readonly out?: string;
}

const LOOK_EVERY_MS = 300;

export function runCommand(): Command {
  return clientCommand('run', 'submit a workflow (API format) as a job that survives everything')
    .argument('<workflow.json>', 'exported from ComfyUI with “Export (API)”')
    .option('--on <target>', 'auto, local, or the name of a server or endpoint', 'auto')
    .option('--title <text>', 'what the list shows')
    .option(
      '--input <name=file>',
      'send a file along: name is 12.image, the title of a node, or an input; again for more',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .option('--wait', 'follow it to its end')
    .option('--out <folder>', 'save its results there (implies --wait)')
    .action(async (file: string, options: RunOptions) => {
      const plain = readWorkflow(file);
      const client = openClient(options);
      const workflow = await sendInputs(client, plain, options.input);
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

function refuse(message: string, next: string, details: Record<string, unknown>): never {
  throw new CommandFailure({
    source: 'stoker',
    error: { code: 'invalid_workflow', message, details: { next, ...details } },
  });
}

function readWorkflow(file: string): unknown {
  let workflow: unknown;
  try {
    workflow = parseExactly(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(`${file} cannot be read: ${why}.`, 'Name a file that holds a workflow as JSON.', { file });
  }
  if (typeof workflow === 'object' && workflow !== null && 'nodes' in workflow && Array.isArray(workflow.nodes)) {
    return refuse(
      `${file} is a workflow as ComfyUI's page saves it.`,
      'Export it with “Workflow → Export (API)” and run that file.',
      { file },
    );
  }
  return workflow;
}

/** All names are understood before the first file is sent. @returns the workflow with the files as they are called there */
async function sendInputs(client: EngineClient, plain: unknown, inputs: readonly string[]): Promise<unknown> {
  if (inputs.length === 0) return plain;
  const checked = WorkflowSchema.safeParse(plain);
  if (!checked.success) return plain; // The engine says what is wrong with it.
  const wanted = inputs.map((text) => understand(checked.data, text));
  let workflow = checked.data;
  for (const { place, file } of wanted) {
    const path = `${MANAGER_ROUTES.inputs}?${new URLSearchParams({ name: basename(file) })}`;
    const { name } = await client.upload(path, createReadStream(file), InputSchema);
    workflow = withInput(workflow, place, name);
  }
  return workflow;
}

function understand(workflow: Workflow, text: string) {
  const [, name = '', file = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (file === '') return refuse(`--input ${text} names no file.`, 'Write --input name=file.', { input: text });
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    return refuse(`${file} is no file.`, 'Name a file that exists.', { file });
  }
  const place = findFileInput(workflow, name);
  return 'problem' in place
    ? refuse(place.problem, 'Name the input as node.input, for example 12.image.', { input: name })
    : { place, file };
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
