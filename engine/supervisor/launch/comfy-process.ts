/** One process of ComfyUI, our child or one taken over, and the news of its end. Ends nothing by itself: that is process-tree.ts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { AppError } from '../../platform/app-error.ts';
import type { CancelTimer, Clock } from '../../platform/clock.ts';
import type { ProcessEnd } from '../reasons/exit-codes.ts';
import { GATE, GATE_NAME } from './gate.ts';
import type { LaunchPlan } from './launch.ts';

export interface ComfyProcess {
  readonly pid: number;
  hasExited(): boolean;
  /** Resolves when it is gone; code and signal are both null where only its parent would have learnt them. */
  readonly exited: Promise<ProcessEnd>;
  /** Stops looking; `exited` may never resolve then. */
  release(): void;
}

/** A process of ours that waits at the gate until somebody watches over it. */
export interface GatedProcess extends ComfyProcess {
  /** Lets ComfyUI run. Until then the end of the engine ends it too. */
  letRun(): void;
  /** Ends it at the gate: ComfyUI never runs. */
  turnAway(): void;
}

/**
 * Starts ComfyUI with its output going to `logDescriptor`, held at the gate. On Windows there is none: it runs at once.
 * @throws AppError command_not_found, or exited_early when the system refuses to start a process
 */
export function spawnComfy(plan: LaunchPlan, logDescriptor: number, platform: NodeJS.Platform): Promise<GatedProcess> {
  const gated = platform !== 'win32';
  const [command, args] = gated
    ? ['/bin/sh', ['-c', GATE, GATE_NAME, plan.command, ...plan.args]]
    : [plan.command, [...plan.args]];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: plan.cwd,
      env: plan.env,
      // A group of its own, so that one signal reaches the tree and a Ctrl-C meant for the engine does not.
      // Never on Windows: it would open a console.
      detached: platform !== 'win32',
      stdio: ['ignore', logDescriptor, logDescriptor, gated ? 'pipe' : 'ignore'],
      windowsHide: true,
    });
    const gate = child.stdio[3];
    // It was ended at the gate: `exited` tells.
    gate?.on('error', () => undefined);
    // Before 'spawn': a process that ends at once must not end unheard.
    const exited = exitOf(child);
    child.once('error', (error) => reject(spawnError(plan.command, error)));
    child.once('spawn', () => {
      const { pid } = child;
      if (pid === undefined) return reject(spawnError(plan.command, new Error('it has no process id')));
      resolve({
        pid,
        exited,
        letRun: () => {
          if (gate instanceof Writable) gate.end('go\n');
        },
        turnAway: () => gate?.destroy(),
        hasExited: () => child.exitCode !== null || child.signalCode !== null,
        release: () => child.removeAllListeners(),
      });
    });
  });
}

const LOOK_EVERY_MS = 1_000;

/** A process that is not our child: nobody tells us of its end, so it is looked after every second. */
export function watchForeignProcess(pid: number, isAlive: () => Promise<boolean>, clock: Clock): ComfyProcess {
  let gone = false;
  let cancel: CancelTimer = () => undefined;
  const exited = new Promise<ProcessEnd>((resolve) => {
    const look = async () => {
      if (!(await isAlive())) {
        gone = true;
        resolve({ exitCode: null, signal: null });
        return;
      }
      cancel = clock.after(LOOK_EVERY_MS, () => void look());
    };
    cancel = clock.after(LOOK_EVERY_MS, () => void look());
  });
  return { pid, exited, hasExited: () => gone, release: () => cancel() };
}

function exitOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

function spawnError(command: string, error: NodeJS.ErrnoException): AppError {
  const { code } = error;
  const missing = code === 'ENOENT' || code === 'EACCES' || code === 'ENOEXEC';
  const why =
    code === 'ENOENT'
      ? 'it, or the interpreter named in its first line, does not exist'
      : code === 'EACCES'
        ? 'this user may not execute it'
        : code === 'ENOEXEC'
          ? 'it is not a program'
          : error.message;
  return new AppError(missing ? 'command_not_found' : 'exited_early', `${command} could not be started: ${why}.`, {
    details: { command },
    cause: error,
  });
}
