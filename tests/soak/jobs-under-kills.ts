/**
 * Jobs under load while engine, ComfyUI and RunPod's worker are killed at random, and what must hold afterwards: no accepted job lost, none
 * run twice, and a ledger that says what RunPod charged. What ran is read from the simulators' own books and folders.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import getPort from 'get-port';
import { type Job, JobListSchema, JobSchema, type JobSummary } from '../../contract/jobs.ts';
import { type ComfyuiProcess, startSimulator } from '../support/comfyui-process.ts';
import { type RunpodProcess, startRunpod } from '../support/runpod-process.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import { namedWork, newDataFolder, openWork, picturesIn, type WorkingEngine } from '../support/working-engine.ts';

export interface SoakReport {
  readonly accepted: number;
  readonly kills: Readonly<Record<'engine' | 'comfyui' | 'worker', number>>;
  readonly ends: Readonly<Record<string, number>>;
  readonly moved: number;
  readonly broughtBack: number;
  /** Jobs that RunPod was given, and millionths of a dollar it charged and Stoker booked for those whose end is known. */
  readonly submittedToRunpod: number;
  readonly charged: number;
  readonly booked: number;
  /** What must not be: one sentence each. */
  readonly faults: readonly string[];
}

const PRICE = 500;
/** More would be told by the work alone, not by the kills. */
const MOST_WAITING = 40;
/** Ends that a kill may bring about, each said in words. `outcome_unknown`: killed between the hand-over and RunPod's answer. */
const HONEST_FAILURES = new Set(['outcome_unknown', 'runpod_job_failed', 'began_meanwhile', 'runpod_no_files']);

export async function soakJobs(kills: number, random: SeededRandom): Promise<SoakReport> {
  const dataFolder = newDataFolder();
  const workerFolder = mkdtempSync(join(tmpdir(), 'stoker-worker-'));
  const workerPort = await getPort({ host: '127.0.0.1' });
  const startWorker = (): Promise<ComfyuiProcess> =>
    startSimulator({ arguments: ['--cpu'], port: workerPort, baseDirectory: workerFolder });
  const killed = { engine: 0, comfyui: 0, worker: 0 };
  /** Id by the number that names its picture; null while it is not known whether it was accepted. */
  const accepted = new Map<number, string>();
  const cancelled = new Set<string>();
  let moved = 0;
  let broughtBack = 0;

  let worker = await startWorker();
  const runpod = await startRunpod('--comfyui', worker.url, '--cold-start-ms', '50', '--workers', '3');
  let engine = await open();
  await engine.addEndpoint(runpod, { maxJobs: 3 });

  function open(): Promise<WorkingEngine> {
    return openWork(dataFolder, {
      STOKER_SUPERVISION_MAX_CRASHES: '100',
      STOKER_SUPERVISION_CRASH_WINDOW_MINUTES: '1',
    });
  }

  /** Sent again with the same key until somebody answers: accepted once. */
  async function submit(n: number, target: string, seconds: number): Promise<void> {
    const body = JSON.stringify({ workflow: namedWork(`s${n}`, seconds), target, max_attempts: 10 });
    for (;;) {
      const answer = await fetch(`${engine.process.url}/manager/v1/jobs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `s${n}` },
        body,
      }).catch(() => null);
      if (answer !== null && (answer.status === 200 || answer.status === 201)) {
        accepted.set(n, JobSchema.parse(await answer.json()).id);
        return;
      }
      await delay(50);
    }
  }

  /** One thing a person may do; what fails because somebody was killed is done again or not at all. */
  async function act(n: { next: number }): Promise<void> {
    const ids = [...accepted.values()].slice(-60);
    const some = ids.filter(() => random.chance(0.2));
    switch (random.pick(['submit', 'submit', 'submit', 'move', 'move', 'bringBack', 'cancel'])) {
      case 'submit': {
        const { counts } = await engine.list();
        if (counts.queued + counts.running >= MOST_WAITING) return;
        n.next += 1;
        await submit(n.next, random.chance(0.25) ? 'pod' : 'auto', random.between(2, 60) / 100);
        return;
      }
      case 'move':
        moved += (await engine.offload({ target: 'pod', jobs: some })).moved.length;
        return;
      case 'bringBack':
        broughtBack += (await engine.bringBack(some)).moved.length;
        return;
      case 'cancel': {
        const id = some[0];
        if (id === undefined) return;
        cancelled.add(id);
        await engine.call('POST', `/v1/jobs/${id}/cancel`);
      }
    }
  }

  /** A worker that is killed thrice brings nothing home thrice: the endpoint pauses itself, and a person lets it go on. */
  const goOn = (): Promise<unknown> =>
    engine.call('POST', '/v1/endpoints/pod/pause', { paused: false }).catch(() => undefined);

  async function kill(): Promise<void> {
    const victim = random.pick(['engine', 'engine', 'comfyui', 'worker']);
    if (victim === 'engine') {
      await engine.process.kill();
      engine = await open();
    } else if (victim === 'worker') {
      await worker.stop('SIGKILL');
      worker = await startWorker();
    } else {
      const { pid } = await engine.process.status();
      if (pid === null) return kill();
      process.kill(pid, 'SIGKILL');
    }
    killed[victim as keyof typeof killed] += 1;
  }

  const counter = { next: 0 };
  for (let done = 0; done < kills; done += 1) {
    let over = false;
    // Load goes on while somebody is killed: that is the moment that matters.
    const load = Promise.all(
      [1, 2, 3].map(async () => {
        while (!over) {
          await act(counter).catch(() => undefined);
          await delay(5);
        }
      }),
    );
    await delay(random.between(20, 900));
    await kill();
    over = true;
    await load;
    await goOn();
  }

  const jobs = await untilAllEnded(engine, goOn);
  const looked: Job[] = [];
  for (const { id } of jobs) looked.push(await engine.look(id));
  const made = { here: engine.madeAtHome(), there: picturesIn(join(workerFolder, 'output')) };
  await engine.process.stop();
  const books = readBooks(dataFolder);
  const faults = [
    ...checkJobs(accepted, cancelled, looked),
    ...checkRuns(accepted, looked, made, await runsAtRunpod(runpod)),
    ...books.faults,
  ];
  const unknown = new Set(
    looked.flatMap(({ id, state }) => (state.kind === 'failed' && state.error.code === 'outcome_unknown' ? [id] : [])),
  );
  const charges = await chargedBy(runpod, accepted);
  const charged = sum([...charges].filter(([id]) => !unknown.has(id)).map(([, cost]) => cost));
  const booked = sum([...books.booked].filter(([id]) => !unknown.has(id)).map(([, cost]) => cost));
  if (charged !== booked) faults.push(`RunPod charged ${charged}, the ledger says ${booked}.`);
  for (const id of books.held) if (!unknown.has(id)) faults.push(`Money is held for ${id}, whose end is known.`);
  const submittedToRunpod = (await runpod.ledger()).length;
  await worker.stop();
  for (const folder of [dataFolder, workerFolder]) rmSync(folder, { recursive: true, force: true });
  return {
    accepted: accepted.size,
    kills: killed,
    ends: countEnds(looked),
    moved,
    broughtBack,
    submittedToRunpod,
    charged,
    booked,
    faults,
  };
}

async function untilAllEnded(engine: WorkingEngine, goOn: () => Promise<unknown>): Promise<JobSummary[]> {
  const deadline = performance.now() + 300_000;
  for (;;) {
    const { counts } = await engine.list();
    if (counts.queued + counts.running === 0) return allJobs(engine);
    if (performance.now() > deadline) {
      const left = (await allJobs(engine)).filter(({ state }) => state.kind === 'queued' || state.kind === 'running');
      throw new Error(`these never end: ${JSON.stringify(left.map(({ id, state, note }) => [id, state, note]))}`);
    }
    await goOn();
    await delay(500);
  }
}

async function allJobs(engine: WorkingEngine): Promise<JobSummary[]> {
  const found: JobSummary[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = JobListSchema.parse(await (await engine.call('GET', `/v1/jobs?limit=500${query}`)).json());
    found.push(...page.jobs);
    cursor = page.nextCursor;
  }
  return found;
}

function checkJobs(
  accepted: ReadonlyMap<number, string>,
  cancelled: ReadonlySet<string>,
  jobs: readonly Job[],
): string[] {
  const faults: string[] = [];
  const byId = new Map(jobs.map((job) => [job.id, job]));
  for (const [n, id] of accepted) if (!byId.has(id)) faults.push(`Job s${n} was accepted and is lost.`);
  if (jobs.length !== accepted.size) faults.push(`${accepted.size} were accepted, ${jobs.length} are there.`);
  for (const { id, state, files, timeline } of jobs) {
    const story = `${id}: ${timeline.map(({ message }) => message).join(' | ')}`;
    if (state.kind === 'completed' && files.length !== 1)
      faults.push(`A done job has ${files.length} pictures. ${story}`);
    if (state.kind === 'cancelled' && !cancelled.has(id)) faults.push(`A job was cancelled by nobody. ${story}`);
    if (state.kind === 'failed' && !HONEST_FAILURES.has(state.error.code)) {
      faults.push(`A job failed with ${state.error.code}. ${story}`);
    }
  }
  return faults;
}

/** A prompt that ComfyUI took down with it may have ended there: it runs again, and the timeline says so. */
const LOSSES =
  /ended while it held|ended while ComfyUI held|no longer knows the prompt|no longer knows it|could not be asked/;

function checkRuns(
  accepted: ReadonlyMap<number, string>,
  jobs: readonly Job[],
  made: { readonly here: readonly string[]; readonly there: readonly string[] },
  atRunpod: ReadonlyMap<string, number>,
): string[] {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  return [...accepted].flatMap(([n, id]) => {
    const name = `s${n}`;
    const count = (files: readonly string[]): number => files.filter((file) => file.startsWith(`${name}_`)).length;
    const [here, there, given] = [count(made.here), count(made.there), atRunpod.get(name) ?? 0];
    const timeline = byId.get(id)?.timeline ?? [];
    const losses = timeline.filter(({ message }) => LOSSES.test(message)).length;
    const story = `${name} made ${here} here, ${there} there, began ${given} times at RunPod, was lost ${losses} times: ${timeline.map(({ message }) => message).join(' | ')}`;
    if (given > 1 || there > 1 || here + given > 1 + losses) return [`A job ran twice. ${story}`];
    const isDone = byId.get(id)?.state.kind === 'completed';
    return isDone && here + there === 0 ? [`A done job was made by nobody. ${story}`] : [];
  });
}

/** How often RunPod gave a job to a worker, by the name of its picture. */
async function runsAtRunpod(runpod: RunpodProcess): Promise<Map<string, number>> {
  const begun = new Set(
    (await runpod.ledger()).flatMap(({ id, status, chargedMs }) =>
      status === 'CANCELLED' && chargedMs === 0 ? [] : [id],
    ),
  );
  const runs = new Map<string, number>();
  for (const { id, name } of await namesAtRunpod(runpod)) if (begun.has(id)) runs.set(name, (runs.get(name) ?? 0) + 1);
  return runs;
}

async function namesAtRunpod(runpod: RunpodProcess): Promise<{ id: string; name: string }[]> {
  return (await runpod.inputs()).map(({ id, input }) => {
    const [, name = ''] = /"filename_prefix":"([^"]+)"/.exec(JSON.stringify(input.workflow)) ?? [];
    return { id, name };
  });
}

/** Millionths of a dollar by Stoker's job. */
async function chargedBy(runpod: RunpodProcess, accepted: ReadonlyMap<number, string>): Promise<Map<string, number>> {
  const names = new Map((await namesAtRunpod(runpod)).map(({ id, name }) => [id, name]));
  const charges = new Map<string, number>();
  for (const { id, chargedMs } of await runpod.ledger()) {
    const job = accepted.get(Number(names.get(id)?.slice(1))) ?? id;
    charges.set(job, (charges.get(job) ?? 0) + Math.ceil((chargedMs / 1000) * PRICE));
  }
  return charges;
}

function readBooks(dataFolder: string): { booked: Map<string, number>; held: Set<string>; faults: string[] } {
  const database = new DatabaseSync(join(dataFolder, 'jobs/jobs.sqlite'), { readOnly: true });
  try {
    const [state] = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    const rows = database.prepare('SELECT job_id, booked FROM spend').all() as {
      job_id: string;
      booked: number | null;
    }[];
    const booked = new Map<string, number>();
    for (const { job_id: id, booked: cost } of rows) booked.set(id, (booked.get(id) ?? 0) + (cost ?? 0));
    return {
      booked,
      held: new Set(rows.flatMap(({ job_id: id, booked: cost }) => (cost === null ? [id] : []))),
      faults: state?.integrity_check === 'ok' ? [] : [`The database is damaged: ${JSON.stringify(state)}`],
    };
  } finally {
    database.close();
  }
}

function countEnds(jobs: readonly Job[]): Record<string, number> {
  const ends: Record<string, number> = {};
  for (const { state } of jobs) {
    const end =
      state.kind === 'failed'
        ? state.error.code
        : state.kind === 'completed'
          ? `completed on ${state.target}`
          : state.kind;
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return ends;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
