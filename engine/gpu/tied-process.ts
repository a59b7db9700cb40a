/**
 * Starts a program that must not outlive the engine, however the engine ends.
 *
 * A query loop mostly dies of its own next line, written into a pipe without a reader; but one that has nothing to print would stay for ever.
 * On Windows libuv keeps every child that is not detached in a job that the system ends together with the engine. Elsewhere a shell stands in:
 * it becomes the program and leaves a reader behind on its standard input, which the system closes however the engine ends.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export type TiedProcess = ChildProcessByStdio<Writable | null, Readable, Readable>;

/** A line means that the program is gone and the number of its process may be another's by now; the bare end means that the engine is. */
const SHELL_SCRIPT = `exec 3<&0
{ read -r over <&3 || kill -s TERM $$; } >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null`;

/**
 * @param environment added to the engine's own
 * @returns a child without a pid when it could not be started: its `error` event says why
 */
export function startTied(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): TiedProcess {
  const env = { ...process.env, ...environment };
  if (process.platform === 'win32') {
    return spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  }
  const child = spawn('/bin/sh', ['-c', SHELL_SCRIPT, 'stoker-tied', command, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) {
    // The reader may be gone first.
    child.stdin.on('error', () => undefined);
    child.once('exit', () => child.stdin.end('over\n'));
  }
  return child;
}
