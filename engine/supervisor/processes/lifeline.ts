/**
 * Ends ComfyUI when the engine can no longer do it: killed, or crashed without a chance to clean up. Independent of the engine's
 * event loop; while the engine lives it does nothing, and an engine that adopts the same ComfyUI in time is left to it.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Log } from '../../platform/log.ts';
import { lifelineScript } from './lifeline-script.ts';
import { createJobLifeline, loadJobObjects } from './windows-job.ts';

export interface Lifeline {
  /** Takes the watch off; ComfyUI is not touched. Twice is fine. */
  release(): void;
}

/**
 * Starts the watch over `rootPid`, which must live and be ours. To adopt, start the new lifeline first and write the record
 * after: an engine that dies in between is then still followed by one of the two.
 * `waitSeconds` after the engine's end ComfyUI is asked to end, `graceSeconds` later its group is killed.
 */
export type StartLifeline = (options: {
  readonly rootPid: number;
  readonly recordFile: string;
  readonly waitSeconds: number;
  readonly graceSeconds: number;
}) => Lifeline;

export interface LifelineDeps {
  readonly log: Pick<Log, 'warn'>;
  readonly platform?: NodeJS.Platform;
}

export function createStartLifeline(deps: LifelineDeps): StartLifeline {
  const platform = deps.platform ?? process.platform;
  if (platform === 'win32') return createJobLifeline({ log: deps.log, load: loadJobObjects });
  return createShellLifeline(deps.log, platform);
}

function createShellLifeline(log: LifelineDeps['log'], platform: NodeJS.Platform): StartLifeline {
  const script = lifelineScript(platform);

  return ({ rootPid, recordFile, waitSeconds, graceSeconds }) => {
    let released = false;
    // The shell counts in whole seconds and calls anything else an error.
    const [wait, grace] = [Math.ceil(waitSeconds), Math.ceil(graceSeconds)];
    const words = [rootPid, resolve(recordFile), wait, grace, process.pid].map(String);
    const watcher = spawn('/bin/sh', ['-c', script, 'stoker-lifeline', ...words], {
      // A session of its own: neither the terminal's end nor a signal to the engine's group reaches it.
      detached: true,
      // The engine holds the other end of stdin; the system closes it however the engine ends. Node marks it
      // close-on-exec, so that ComfyUI does not inherit it and keep it open.
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      env: { PATH: `${process.env.PATH ?? ''}:/usr/bin:/bin`, LC_ALL: 'C', TZ: 'UTC' },
    });
    const unwatched = (reason: string) => {
      if (released) return;
      log.warn(
        { rootPid, reason },
        'the lifeline is gone: were Stoker killed now, ComfyUI would stay until its next start',
      );
    };
    watcher.once('error', (error) => unwatched(error.message));
    watcher.once('exit', (code, signal) => unwatched(signal ?? `exit ${code}`));
    // Writing to a watcher that is gone is reported by its exit.
    watcher.stdin.on('error', () => undefined);
    watcher.unref();

    return {
      release() {
        if (released) return;
        released = true;
        watcher.stdin.end('release\n');
      },
    };
  };
}
