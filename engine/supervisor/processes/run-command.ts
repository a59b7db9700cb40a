/** Runs one short command of the system (ps, lsof, PowerShell, a Python) within a time limit. Never through a shell, never for ComfyUI itself. */
import { execFile } from 'node:child_process';

export type CommandOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** Not found, no permission, or ended by a signal that was not ours. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'timedOut' };

export interface CommandOptions {
  readonly timeoutMs: number;
  /** Added to the engine's own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingFolder?: string;
}

/** Never rejects: what went wrong is the outcome. */
export type RunCommand = (command: string, args: readonly string[], options: CommandOptions) => Promise<CommandOutcome>;

/** A process list with long command lines is a few megabytes at most. */
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

export const runCommand: RunCommand = (command, args, options) =>
  new Promise((resolve) => {
    execFile(
      command,
      [...args],
      {
        timeout: options.timeoutMs,
        // A Python deep in a CUDA call ignores SIGTERM until the call returns.
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        windowsHide: true,
        encoding: 'utf8',
        env: { ...process.env, ...options.environment },
        ...(options.workingFolder === undefined ? {} : { cwd: options.workingFolder }),
      },
      (error, stdout, stderr) => resolve(outcomeOf(error, stdout, stderr)),
    );
  });

function outcomeOf(error: Error | null, stdout: string, stderr: string): CommandOutcome {
  if (error === null) return { kind: 'exited', exitCode: 0, stdout, stderr };
  const { code, killed, signal } = error as Error & {
    code?: string | number | null;
    killed?: boolean;
    signal?: string | null;
  };
  if (typeof code === 'number') return { kind: 'exited', exitCode: code, stdout, stderr };
  if (killed === true && code === null) return { kind: 'timedOut' };
  return { kind: 'failed', reason: typeof code === 'string' ? code : `ended by ${signal ?? 'an unknown signal'}` };
}
