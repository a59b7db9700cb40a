/**
 * The whole built engine with a ComfyUI of its own and a RunPod endpoint `pod`, on one data folder that survives kills; what it made and
 * what it paid is read from the simulators' own folders and books, not from the engine.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Endpoint, EndpointsSchema } from '../../contract/endpoints.ts';
import { type Job, type JobList, JobListSchema, JobSchema, type SubmitJobBody } from '../../contract/jobs.ts';
import { type OffloadAnswer, OffloadAnswerSchema } from '../../contract/offload.ts';
import { simulatorEntry } from './comfyui-process.ts';
import { type EngineProcess, startEngine } from './engine-process.ts';
import type { RunpodProcess } from './runpod-process.ts';
import { type Workflow, workflow } from './workflows.ts';

export interface WorkingEngine {
  readonly process: EngineProcess;
  readonly dataFolder: string;
  call(method: string, path: string, body?: unknown): Promise<Response>;
  addEndpoint(runpod: RunpodProcess, changes?: Record<string, unknown>): Promise<void>;
  endpoint(): Promise<Endpoint | undefined>;
  submit(graph: Workflow, changes?: Partial<SubmitJobBody>): Promise<string>;
  look(id: string): Promise<Job>;
  list(): Promise<JobList>;
  reaches(id: string, wanted: (job: Job) => boolean): Promise<Job>;
  offload(body: { readonly target: string; readonly jobs?: readonly string[] }): Promise<OffloadAnswer>;
  bringBack(jobs?: readonly string[]): Promise<OffloadAnswer>;
  /** Files that the supervised ComfyUI has written, by name. */
  madeAtHome(): string[];
}

export const newDataFolder = (): string => mkdtempSync(join(tmpdir(), 'stoker-work-'));

/** Goes on with what is in the folder. Stopped by `stopEngines`. */
export async function openWork(
  dataFolder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<WorkingEngine> {
  const base = join(dataFolder, 'comfyui-base');
  for (const folder of ['input', 'output']) mkdirSync(join(base, folder), { recursive: true });
  const command = `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --base-directory "${base}" --sim-start-seconds 0.3`;
  const engine = await startEngine({
    dataFolder,
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: command,
      STOKER_INSTALLATION_INPUT_DIRECTORY: join(base, 'input'),
      ...environment,
    },
  });
  const call = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${engine.url}/manager${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  const read = async (answer: Response): Promise<unknown> => {
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const look = async (id: string): Promise<Job> => JobSchema.parse(await read(await call('GET', `/v1/jobs/${id}`)));
  return {
    process: engine,
    dataFolder,
    call,
    async addEndpoint(runpod, changes = {}) {
      await read(await call('PUT', '/secrets/endpoint.pod.key', { value: runpod.key }));
      const body = { endpointId: runpod.endpoint, baseUrl: runpod.baseUrl, microDollarsPerSecond: 500, ...changes };
      await read(await call('PUT', '/v1/endpoints/pod', body));
    },
    endpoint: async () => EndpointsSchema.parse(await read(await call('GET', '/v1/endpoints'))).endpoints[0],
    submit: async (graph, changes = {}) =>
      JobSchema.parse(await read(await call('POST', '/v1/jobs', { workflow: graph, ...changes }))).id,
    look,
    list: async () => JobListSchema.parse(await read(await call('GET', '/v1/jobs?limit=500'))),
    async reaches(id, wanted) {
      for (const deadline = performance.now() + 40_000; ; ) {
        const job = await look(id);
        if (wanted(job)) return job;
        if (performance.now() > deadline) {
          throw new Error(`job ${id} never became as wanted: ${JSON.stringify([job.state, job.note, job.timeline])}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    offload: async (body) => OffloadAnswerSchema.parse(await read(await call('POST', '/v1/jobs/offload', body))),
    bringBack: async (jobs) =>
      OffloadAnswerSchema.parse(
        await read(await call('POST', '/v1/jobs/bring-back', jobs === undefined ? {} : { jobs })),
      ),
    madeAtHome: () => picturesIn(join(base, 'output')),
  };
}

/** Names of the files below a folder, without what is there in every installation. */
export const picturesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.png')) : [];

/** A prompt of its own: nothing of it is cached, and its picture is named after it. */
export const namedWork = (name: string, seconds: number): Workflow =>
  workflow('slow_progress_10s', {
    '1.color': Math.floor(Math.random() * 0xff_ff_ff),
    '2.seconds': seconds,
    '2.seed': Math.floor(Math.random() * 1e9),
    '3.filename_prefix': name,
  });

export const ended = ({ state }: Job): boolean => state.kind !== 'queued' && state.kind !== 'running';
export const executing = ({ state }: Job): boolean => state.kind === 'running' && state.phase === 'executing';
export const forget = (dataFolder: string): void => rmSync(dataFolder, { recursive: true, force: true });
