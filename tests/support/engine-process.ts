/** Starts the whole built product (`stoker serve`) as a real process on a data folder of its own, and ends it with everything it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Status } from '../../contract/status.ts';
import { StatusSchema } from '../../contract/status.ts';

export interface EngineProcessOptions {
  readonly dataFolder?: string;
  readonly demo?: boolean;
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Further words for `stoker serve`. */
  readonly words?: readonly string[];
  /** Written to its standard input, which then ends. */
  readonly input?: string;
}

export interface EngineProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** `http://127.0.0.1:N`, without a path. */
  readonly url: string;
  readonly dataFolder: string;
  readonly stderr: () => string;
  status(): Promise<Status>;
  /** Resolves with the first status that `wanted` accepts; rejects with the last one seen. */
  until(wanted: (status: Status) => boolean, limitMs?: number): Promise<Status>;
  post(path: string, body?: unknown): Promise<Response>;
  /** Resolves with the exit code when the process has ended. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, waits for the exit, returns its code. */
  stop(): Promise<number | null>;
  /** SIGKILL, as a crash or the out-of-memory killer would; the data folder stays. */
  kill(): Promise<void>;
}

const running = new Set<EngineProcess>();

/** Ends what a failed test left; call it in `afterEach`. */
export async function stopEngines(): Promise<void> {
  await Promise.all([...running].map((engine) => engine.stop()));
}

export async function startEngine(options: EngineProcessOptions = {}): Promise<EngineProcess> {
  const build = process.env.STOKER_TEST_BUILD;
  if (build === undefined) throw new Error('STOKER_TEST_BUILD is unset: run through vitest, which builds once');
  const ownFolder = options.dataFolder === undefined;
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'stoker-test-'));
  const args = [join(build, 'cli/main.js'), 'serve', '--port', String(options.port ?? 0), '--data-dir', dataFolder];
  if (options.demo === true) args.push('--demo');
  args.push(...(options.words ?? []));
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', ...options.environment },
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const ready = /Stoker ready: (http:\/\/\S+?)\/manager/.exec(stdout);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    });
    child.once('error', reject);
    void exited.then((code) =>
      reject(new Error(`stoker serve ended with ${code} before it was ready:\n${stdout}\n${stderr}`)),
    );
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('stoker serve has no pid');

  const engine: EngineProcess = {
    child,
    pid,
    url,
    dataFolder,
    stderr: () => stderr,
    exited,
    status: async () => StatusSchema.parse(await (await fetch(`${url}/manager/status`)).json()),
    async until(wanted, limitMs = 40_000) {
      const deadline = Date.now() + limitMs;
      let last: Status | undefined;
      while (Date.now() < deadline) {
        last = await engine.status();
        if (wanted(last)) return last;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`status never became as wanted; last: ${JSON.stringify(last, null, 1)}\n${stderr}`);
    },
    post: (path, body) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
    async stop() {
      running.delete(engine);
      child.kill('SIGTERM');
      const code = await exited;
      if (ownFolder) rmSync(dataFolder, { recursive: true, force: true });
      return code;
    },
    async kill() {
      running.delete(engine);
      child.kill('SIGKILL');
      await exited;
    },
  };
  running.add(engine);
  return engine;
}
