/**
 * Real processes for tests, all marked by one environment variable: whatever a test starts, and whatever that starts, is found
 * and ended after the test, also when it failed. And a bounded wait for a condition, in place of sleeps.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createProcessTable } from '../../engine/supervisor/processes/process-table.ts';

const MARK = 'STOKER_TEST_MARK';
const PATIENCE_MS = 20_000;

export interface RealProcesses {
  /** Starts a program with the mark; `environment` is added to the test's own. */
  start(
    command: string,
    args: readonly string[],
    options?: Pick<SpawnOptions, 'detached' | 'stdio' | 'cwd'> & { readonly environment?: Record<string, string> },
  ): ChildProcess & { readonly pid: number };
  /** Ends everything that bears the mark. */
  endAll(): Promise<void>;
}

export function createRealProcesses(): RealProcesses {
  const mark = randomUUID();
  const table = createProcessTable();
  return {
    start(command, args, { environment, ...options } = {}) {
      const child = spawn(command, [...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
        ...options,
        env: { ...process.env, ...environment, [MARK]: mark },
      });
      if (child.pid === undefined) throw new Error(`${command} did not start`);
      return Object.assign(child, { pid: child.pid });
    },
    async endAll() {
      await waitFor('the processes of the test to end', async () => {
        const pids = await table.pidsWithEnvironment(MARK, mark);
        for (const pid of pids) killIfThere(pid);
        return pids.size === 0;
      });
    },
  };
}

/** Resolves with the first value that is neither false, null nor undefined. */
export async function waitFor<Value>(
  what: string,
  probe: () => Promise<Value | false | null | undefined> | Value | false | null | undefined,
): Promise<Value> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = await probe();
    if (value !== false && value !== null && value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`);
    await sleep(20);
  }
}

export async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('stdout is not a pipe');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the process ended without a line');
}

export function killIfThere(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
