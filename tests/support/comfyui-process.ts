/**
 * Starts a ComfyUI process for a test (the simulator of the test build, or the real one named by STOKER_TEST_COMFYUI),
 * waits until it answers, and makes sure that it is gone afterwards. Every folder it writes to is a temporary one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import getPort from 'get-port';

const fixtures = resolve(import.meta.dirname, '../fixtures');

export interface StartOptions {
  /** Further arguments; those for address, port and folders are added. */
  arguments?: string[];
  /** A free port is taken when none is given. */
  port?: number;
  /** Kept by the caller when given; otherwise a temporary one that `stop` removes. */
  baseDirectory?: string;
  environment?: NodeJS.ProcessEnv;
  /** `spawned` returns at once, for starts that fail or never get ready. Default: `ready`. */
  until?: 'ready' | 'spawned';
}

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ComfyuiProcess {
  pid: number;
  port: number;
  /** `http://127.0.0.1:port`. */
  url: string;
  baseDirectory: string;
  /** Lines printed so far, to stderr and stdout. */
  stderrLines: readonly string[];
  stdoutLines: readonly string[];
  /** Resolves with how the process ended, after all its output was read. */
  ended: Promise<ProcessEnd>;
  /** The first line so far or to come that matches. Rejects when the process ends without it. */
  line(pattern: RegExp): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it (SIGKILL unless told otherwise), waits, and removes the temporary folder. Safe to call twice. */
  stop(signal?: NodeJS.Signals): Promise<ProcessEnd>;
}

export interface RealComfyui {
  folder: string;
  python: string;
  start(options?: StartOptions): Promise<ComfyuiProcess>;
}

const running = new Set<ComfyuiProcess>();

/** Ends what is left; call it in afterEach or afterAll. */
export async function stopAllComfyui(): Promise<void> {
  await Promise.all([...running].map((started) => started.stop()));
}

process.on('exit', () => {
  for (const { pid } of running) killQuietly(pid, 'SIGKILL');
});

/** The simulator of the test build. Its start takes no time unless `--sim-start-seconds` says so. */
export async function startSimulator(options: StartOptions = {}): Promise<ComfyuiProcess> {
  const given = options.arguments ?? [];
  const atOnce = given.includes('--sim-start-seconds') ? [] : ['--sim-start-seconds', '0'];
  return launch(process.execPath, [simulatorEntry()], tmpdir(), { ...options, arguments: [...atOnce, ...given] });
}

/** The file that `node` runs. */
export function simulatorEntry(): string {
  const build = process.env.STOKER_TEST_BUILD;
  if (!build) throw new Error('STOKER_TEST_BUILD is not set: run through vitest, or build first');
  return join(build, 'simulator/comfyui.js');
}

/** The real one, or undefined when STOKER_TEST_COMFYUI names no folder. It has the lab's nodes and writes nothing into its folder. */
export function realComfyui(): RealComfyui | undefined {
  const folder = process.env.STOKER_TEST_COMFYUI;
  if (!folder) return undefined;
  const candidates = [join(folder, '.venv/bin/python'), join(folder, 'venv/bin/python')];
  const python = process.env.STOKER_TEST_COMFYUI_PYTHON ?? candidates.find((path) => existsSync(path)) ?? 'python3';
  return {
    folder,
    python,
    start: (options = {}) =>
      launch(python, ['main.py', '--cpu', '--database-url', 'sqlite:///:memory:'], folder, {
        ...options,
        environment: { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1', ...options.environment },
      }),
  };
}

async function launch(command: string, words: string[], cwd: string, options: StartOptions): Promise<ComfyuiProcess> {
  const temporary = options.baseDirectory === undefined;
  const baseDirectory = options.baseDirectory ?? mkdtempSync(join(tmpdir(), 'stoker-comfyui-'));
  prepareBase(baseDirectory);
  const port = options.port ?? (await getPort({ host: '127.0.0.1' }));
  const place = ['--listen', '127.0.0.1', '--port', String(port), '--base-directory', baseDirectory];
  const child = spawn(command, [...words, ...place, ...(options.arguments ?? [])], {
    cwd,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stderrLines: string[] = [];
  const stdoutLines: string[] = [];
  const watchers = new Set<(line: string) => void>();
  const collect = (stream: NodeJS.ReadableStream | null, lines: string[]) => {
    if (!stream) return;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const watcher of watchers) watcher(line);
    });
  };
  collect(child.stderr, stderrLines);
  collect(child.stdout, stdoutLines);
  await once(child, 'spawn');

  const exited = endOf(child, 'exit');
  // The last lines are still in the pipes when a process exits.
  const ended = endOf(child, 'close');
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((found, failed) => {
      const look = (candidate: string) => {
        if (!pattern.test(candidate)) return;
        watchers.delete(look);
        found(candidate);
      };
      watchers.add(look);
      for (const earlier of [...stderrLines, ...stdoutLines]) look(earlier);
      void ended.then((end) => {
        const tail = stderrLines.slice(-10).join('\n');
        failed(new Error(`ended (${end.code ?? end.signal}) before a line matched ${pattern}:\n${tail}`));
      });
    });

  const started: ComfyuiProcess = {
    pid: child.pid ?? 0,
    port,
    url: `http://127.0.0.1:${port}`,
    baseDirectory,
    stderrLines,
    stdoutLines,
    ended,
    line,
    signal: (signal) => killQuietly(child.pid ?? 0, signal),
    async stop(signal = 'SIGKILL') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      // Not `ended`: a process that took its place holds the pipes open.
      const end = await exited;
      running.delete(started);
      if (temporary) rmSync(baseDirectory, { recursive: true, force: true });
      return end;
    },
  };
  running.add(started);
  if (options.until !== 'spawned') await untilReady(started, options.arguments ?? []);
  return started;
}

async function untilReady(started: ComfyuiProcess, given: readonly string[]): Promise<void> {
  if (!given.includes('--dont-print-server')) {
    await started.line(/^To see the GUI go to: /);
    return;
  }
  let over = false;
  void started.ended.then(() => {
    over = true;
  });
  while (!over) {
    const answered = await fetch(`${started.url}/prompt`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resume) => setTimeout(resume, 20));
  }
  throw new Error(`ended before it answered:\n${started.stderrLines.slice(-10).join('\n')}`);
}

/** Folders that the real one expects below its base, and the lab's nodes. */
function prepareBase(baseDirectory: string): void {
  for (const folder of ['input', 'output', 'user', 'models/checkpoints', 'custom_nodes']) {
    mkdirSync(join(baseDirectory, folder), { recursive: true });
  }
  const nodes = join(baseDirectory, 'custom_nodes/lab_nodes');
  if (!existsSync(nodes)) cpSync(join(fixtures, 'comfyui-nodes/lab_nodes'), nodes, { recursive: true });
}

async function endOf(child: ChildProcess, event: 'exit' | 'close'): Promise<ProcessEnd> {
  const [code, signal] = (await once(child, event)) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
