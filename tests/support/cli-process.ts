/** Runs the built `stoker` as a real process and waits for it to end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult>;
  /** Resolves once standard output holds the text; rejects when the process ends without it. */
  untilPrinted(text: string): Promise<void>;
}

const running = new Set<ChildProcess>();

/** Ends what a failed test left; call it in `afterEach`. */
export function endCliProcesses(): void {
  for (const child of running) child.kill('SIGKILL');
}

export function builtCli(): string {
  const build = process.env.STOKER_TEST_BUILD;
  if (build === undefined) throw new Error('STOKER_TEST_BUILD is unset: run through vitest, which builds once');
  return join(build, 'cli/main.js');
}

/** @param environment besides PATH and HOME, which are kept */
export function startCli(words: readonly string[], environment: Readonly<Record<string, string>> = {}): CliProcess {
  return startProgram(process.execPath, [builtCli(), ...words], environment);
}

export function runCli(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return startCli(words, environment).ended;
}

export function startProgram(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): CliProcess {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', ...environment },
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    for (const check of waiting) check();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    child,
    ended,
    untilPrinted: (text) =>
      new Promise((resolve, reject) => {
        const check = () => stdout.includes(text) && resolve();
        waiting.add(check);
        check();
        void ended.then(() => reject(new Error(`"${text}" was never printed:\n${stdout}\n${stderr}`)));
      }),
  };
}
