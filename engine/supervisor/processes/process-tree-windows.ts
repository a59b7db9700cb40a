/**
 * The last resort on Windows: `taskkill /F` may end what TerminateProcess may not, because it asks for the debug privilege.
 * Never `/T`: the tree that Windows sees holds the browser which ComfyUI opened.
 */
import type { RunCommand } from './run-command.ts';

const TIMEOUT_MS = 3_000;

/** The returned function resolves when taskkill has answered, whatever it said: the next look at the process table is the truth. */
export function createTaskkill(run: RunCommand): (pid: number) => Promise<void> {
  const command = `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\taskkill.exe`;
  return async (pid) => {
    await run(command, ['/F', '/PID', String(pid)], { timeoutMs: TIMEOUT_MS });
  };
}
