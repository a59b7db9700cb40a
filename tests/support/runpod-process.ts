/** Starts the built RunPod simulator, with workers of its own on a ComfyUI or open for real worker processes, and ends it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface RunpodProcess {
  readonly child: ChildProcess;
  /** `http://127.0.0.1:N/v2`. */
  readonly baseUrl: string;
  readonly endpoint: string;
  readonly key: string;
  /** Authorised, below the endpoint: `call('POST', 'run', {…})`. */
  call(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  faults(wish: unknown): Promise<void>;
  /** What was charged, by job id. */
  ledger(): Promise<{ id: string; status: string; chargedMs: number }[]>;
  /** What it was given, by job id. */
  inputs(): Promise<{ id: string; input: { workflow?: unknown } }[]>;
  stop(): Promise<void>;
}

const running = new Set<RunpodProcess>();

/** Ends what a failed test left; call it in `afterEach`. */
export async function stopRunpods(): Promise<void> {
  await Promise.all([...running].map((each) => each.stop()));
}

/** @param words of its command line, `--comfyui URL` or `--worker-loop` among them */
export async function startRunpod(...words: string[]): Promise<RunpodProcess> {
  const program = join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/runpod.js');
  const child = spawn(process.execPath, [program, '--endpoint', 'ep1', '--key', 'test-key', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const baseUrl = /ready: (\S+)/.exec(line.toString())?.[1];
  if (baseUrl === undefined) throw new Error(`the RunPod simulator said: ${line}`);
  const root = baseUrl.replace(/\/v2$/, '');
  const simulator: RunpodProcess = {
    child,
    baseUrl,
    endpoint: 'ep1',
    key: 'test-key',
    async call(method, path, body) {
      const response = await fetch(`${baseUrl}/ep1/${path}`, {
        method,
        headers: { authorization: 'Bearer test-key', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async faults(wish) {
      const response = await fetch(`${root}/simulation/faults`, { method: 'POST', body: JSON.stringify(wish) });
      if (!response.ok) throw new Error(await response.text());
    },
    async ledger() {
      const { jobs } = (await (await fetch(`${root}/simulation/ledger`)).json()) as {
        jobs: { id: string; status: string; chargedMs: number }[];
      };
      return jobs;
    },
    async inputs() {
      const { jobs } = (await (await fetch(`${root}/simulation/inputs`)).json()) as {
        jobs: { id: string; input: { workflow?: unknown } }[];
      };
      return jobs;
    },
    async stop() {
      if (!running.delete(simulator) || child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
  running.add(simulator);
  return simulator;
}
