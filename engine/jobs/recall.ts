/** The way back of one run: its job is wanted elsewhere, and the target says whether it had begun. Knows no job and writes nothing. */
import type { CancelTimer, Clock } from '../platform/clock.ts';

export interface Recall {
  /** Aborts when the job is wanted elsewhere. */
  readonly signal: AbortSignal;
  /** Resolves with null when the run has given the job back, else with why it stays, in words. */
  readonly answer: Promise<string | null>;
  ask(): void;
  /** The first answer counts. */
  settle(reason: string | null): void;
  isSettled(): boolean;
}

export function createRecall(): Recall {
  const wanted = new AbortController();
  let resolveAnswer: (reason: string | null) => void = () => undefined;
  const answer = new Promise<string | null>((resolve) => {
    resolveAnswer = resolve;
  });
  let settled = false;
  return {
    signal: wanted.signal,
    answer,
    ask: () => wanted.abort(),
    settle(reason) {
      settled = true;
      resolveAnswer(reason);
    },
    isSettled: () => settled,
  };
}

const PATIENCE_MS = 10_000;

/** The answer, or that there is none yet: the target is asked on, also when nobody waits for its answer any more. */
export async function patientAnswer({ answer }: Recall, clock: Clock): Promise<string | null> {
  let callOff: CancelTimer = () => undefined;
  const patience = new Promise<string>((resolve) => {
    callOff = clock.after(PATIENCE_MS, () =>
      resolve('It was asked back and its target has not answered yet; it moves then, unless it has begun.'),
    );
  });
  try {
    return await Promise.race([answer, patience]);
  } finally {
    callOff();
  }
}
