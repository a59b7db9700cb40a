/**
 * Runs a command that prints samples for ever and hands on its lines: one long-lived process instead of one per sample.
 * Started only when asked, ended when not, and never left behind.
 */
import type { Readable } from 'node:stream';
import { assertNever } from '../platform/assert-never.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import {
  type LoopEffect,
  type LoopEvent,
  type LoopLimits,
  type LoopState,
  STOPPED,
  transition,
} from './smi-loop-state.ts';
import { startTied, type TiedProcess } from './tied-process.ts';

export interface LoopPlan {
  readonly args: readonly string[];
  readonly limits: LoopLimits;
}

export interface SmiLoop {
  /** Does nothing while it runs; while an earlier process is still ending, starts after it. */
  start(plan: LoopPlan): void;
  /** Resolves when the process is gone, or when it has shown that it cannot be ended. */
  stop(): Promise<void>;
}

export interface LoopTrouble {
  readonly kind: 'hang' | 'exit';
  /** What the command itself printed last that was not a sample; empty when it printed nothing. */
  readonly words: string;
}

export interface SmiLoopOptions {
  readonly command: string;
  readonly clock: Clock;
  /** @returns whether the line was understood; only such lines show that the command is well */
  onLine(line: string): boolean;
  onTrouble(trouble: LoopTrouble): void;
}

/** Enough for any line of these tools; more without a line end is not text we asked for. */
const LONGEST_LINE = 64 * 1024;
const LONGEST_WORDS = 500;
/** From the gentle signal to the hard one. */
const GRACE_MS = 1000;
/** A process inside a broken driver cannot be killed; nobody waits for it longer than this. */
const LONGEST_STOP_MS = 3000;

export function createSmiLoop({ command, clock, onLine, onTrouble }: SmiLoopOptions): SmiLoop {
  let state: LoopState = STOPPED;
  let plan: LoopPlan = { args: [], limits: { silenceMs: null, firstLineMs: 0 } };
  let child: TiedProcess | null = null;
  let words = '';
  let cancelTimer: CancelTimer = () => undefined;
  const waitingForEnd = new Set<() => void>();

  function dispatch(event: LoopEvent): void {
    const step = transition(state, event, plan.limits, clock.monotonic());
    state = step.state;
    for (const effect of step.effects) run(effect);
    if (state.kind === 'stopped') {
      for (const done of waitingForEnd) done();
      waitingForEnd.clear();
    }
  }

  function run(effect: LoopEffect): void {
    switch (effect.kind) {
      case 'spawn':
        launch();
        break;
      case 'end':
        end();
        break;
      case 'expectLine':
        arm(effect.withinMs, { kind: 'silenceOver' });
        break;
      case 'wait':
        arm(effect.delayMs, { kind: 'waitOver' });
        break;
      case 'forgetTimers':
        cancelTimer();
        break;
      case 'reportHang':
        onTrouble({ kind: 'hang', words });
        break;
      case 'reportExit':
        onTrouble({ kind: 'exit', words });
        break;
      default:
        assertNever(effect);
    }
  }

  function arm(delayMs: number, event: LoopEvent): void {
    cancelTimer();
    cancelTimer = clock.after(delayMs, () => dispatch(event));
  }

  function launch(): void {
    words = '';
    // Decimals with a point, messages in English.
    const launched = startTied(command, plan.args, { LC_ALL: 'C' });
    child = launched;
    let gone = false;
    const leave = (): void => {
      if (gone) return;
      gone = true;
      child = null;
      dispatch({ kind: 'exited' });
    };
    launched.once('error', (error) => {
      remember(error.message);
      // A failed start is over with this; a failed signal leaves the process running.
      if (launched.pid === undefined) leave();
    });
    // Not `exit`: its last lines may still be in the pipe then.
    launched.once('close', leave);
    // When the system is out of files or processes there are no pipes either.
    if (launched.pid === undefined) return;
    splitLines(launched.stdout, (line) => {
      if (!onLine(line)) return remember(line);
      words = '';
      dispatch({ kind: 'line' });
    });
    splitLines(launched.stderr, remember);
  }

  function remember(line: string): void {
    if (line.trim()) words = `${words} ${line.trim()}`.trim().slice(-LONGEST_WORDS);
  }

  function end(): void {
    const ending = child;
    ending?.kill('SIGTERM');
    clock.after(GRACE_MS, () => {
      if (ending === child) ending?.kill('SIGKILL');
    });
  }

  return {
    start(wanted) {
      plan = wanted;
      dispatch({ kind: 'start' });
    },
    stop() {
      dispatch({ kind: 'stop' });
      if (state.kind === 'stopped') return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = clock.after(LONGEST_STOP_MS, resolve);
        waitingForEnd.add(() => {
          cancel();
          resolve();
        });
      });
    },
  };
}

/** Lines as they are complete, without their ends; what is left without an end at the close of the stream is the last one. */
function splitLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) rest = '';
    for (const line of lines) onLine(line.replace(/\r$/, ''));
  });
  stream.on('end', () => {
    if (rest) onLine(rest.replace(/\r$/, ''));
  });
}
