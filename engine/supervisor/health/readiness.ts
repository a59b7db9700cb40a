/**
 * Waits until ComfyUI answers, and makes sure that it is the ComfyUI that was started: an orphan of an earlier run on the
 * same port answers at once, while the new one is still importing. Ends nothing and starts nothing.
 */
import type { CancelTimer, Clock } from '../../platform/clock.ts';
import type { ProcessTable } from '../processes/process-table.ts';
import type { Probe, ProbeAnswer, ProbeTarget } from './stats-probe.ts';

export interface ReadinessDeps {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly table: Pick<ProcessTable, 'listenerOf'>;
}

export interface ReadinessQuestion extends ProbeTarget {
  readonly limitMs: number;
  /** ComfyUI printed, in this run, that its server listens. */
  readonly guiLineSeen: () => boolean;
  /** Is this pid the process that was started, or one of its tree? */
  readonly isOurs: (pid: number) => Promise<boolean>;
}

export type ReadinessOutcome =
  | { readonly kind: 'ready' }
  /** `strangerAnswers`: somebody answered on the port who was not proven to be the one that was started. */
  | { readonly kind: 'limitReached'; readonly strangerAnswers: boolean }
  | { readonly kind: 'stopped' };

export interface Readiness {
  readonly outcome: Promise<ReadinessOutcome>;
  /** Asks again now: the line that announces the server has just come. */
  askNow(): void;
  stop(): void;
}

/** Short, so that a held request is answered soon after; a refused connection on loopback costs a tenth of a millisecond. */
const ASK_EVERY_MS = 50;
/** Proving who listens walks the process table: not twenty times a second. */
const ASK_STRANGER_EVERY_MS = 500;
/** /system_stats takes 5 ms, more right after the start. */
const ANSWER_LIMIT_MS = 5_000;

export function awaitReadiness(question: ReadinessQuestion, deps: ReadinessDeps): Readiness {
  const { clock } = deps;
  const over = new AbortController();
  let turn = new AbortController();
  let limitReached = false;
  let strangerAnswers = false;
  const cancelLimit = clock.after(question.limitMs, () => {
    limitReached = true;
    over.abort();
  });

  async function ask(): Promise<ReadinessOutcome> {
    while (!over.signal.aborted) {
      turn = new AbortController();
      const signal = AbortSignal.any([over.signal, turn.signal]);
      const answer = await deps.probe(question, { timeoutMs: ANSWER_LIMIT_MS, signal });
      if (over.signal.aborted) break;
      // The process table may fail under load (PowerShell has a time limit): ask again.
      const ready = await isReady(answer, question, deps).catch(() => false);
      if (over.signal.aborted) break;
      if (ready) return { kind: 'ready' };
      strangerAnswers = answer.kind === 'answered';
      await pause(clock, strangerAnswers ? ASK_STRANGER_EVERY_MS : ASK_EVERY_MS, signal);
    }
    return limitReached ? { kind: 'limitReached', strangerAnswers } : { kind: 'stopped' };
  }

  return {
    outcome: ask().finally(cancelLimit),
    askNow: () => turn.abort(),
    stop: () => over.abort(),
  };
}

/** Whether this answer proves that the ComfyUI that was started is ready. */
export async function isReady(
  answer: ProbeAnswer,
  question: Pick<ReadinessQuestion, 'port' | 'guiLineSeen' | 'isOurs'>,
  deps: Pick<ReadinessDeps, 'table'>,
): Promise<boolean> {
  if (answer.kind !== 'answered') return false;
  // A login page in front of ComfyUI refuses us, and is ready all the same.
  if (question.guiLineSeen()) return answer.status < 500;
  if (answer.status !== 200) return false;
  const listener = await deps.table.listenerOf(question.port);
  if (listener !== null) return question.isOurs(listener.pid);
  return answer.argv !== null && namesPort(answer.argv, question.port);
}

function namesPort(argv: readonly string[], port: number): boolean {
  return argv.some(
    (word, index) => word === `--port=${port}` || (word === '--port' && argv[index + 1] === String(port)),
  );
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let cancel: CancelTimer = () => undefined;
    const settle = () => {
      cancel();
      signal.removeEventListener('abort', settle);
      resolve();
    };
    if (signal.aborted) return settle();
    cancel = clock.after(delayMs, settle);
    signal.addEventListener('abort', settle);
  });
}
