/** Failures on demand, set by `POST /simulation/faults`: answers of the platform, results of workers, a shortage of machines. */
import type { WorkerResult } from './job-book.ts';

export type Operation = 'run' | 'runsync' | 'status' | 'cancel' | 'retry' | 'purge-queue' | 'health';

export interface AnswerFault {
  readonly operation: Operation;
  /** An HTTP status; `malformed` answers 200 with half a JSON; `drop` does what was asked and closes the connection unanswered. */
  readonly answer: number | 'malformed' | 'drop';
  times: number;
}

export const RESULTS = ['normal', 'noImages', 'failed', 'never', 'withoutOutput', 'lostTooLarge'] as const;
export type ResultFault = (typeof RESULTS)[number];

export interface Faults {
  /** Replaces the parts that are given. @returns a sentence when they make no sense */
  set(wish: unknown): string | null;
  /** The fault for this call, used up; null when it goes well. */
  answer(operation: Operation): AnswerFault['answer'] | null;
  bend(result: WorkerResult): WorkerResult | 'never';
  throttled(): boolean;
  /** Answers leave `delayTime` and `executionTime` out. */
  withoutTimes(): boolean;
}

const OPERATIONS: ReadonlySet<string> = new Set([
  'run',
  'runsync',
  'status',
  'cancel',
  'retry',
  'purge-queue',
  'health',
]);

export function createFaults(): Faults {
  let answers: AnswerFault[] = [];
  let result: ResultFault = 'normal';
  let throttled = false;
  let withoutTimes = false;

  return {
    set(wish) {
      const {
        answers: newAnswers,
        result: newResult,
        throttled: newThrottled,
        withoutTimes: newWithoutTimes,
      } = (wish ?? {}) as Record<string, unknown>;
      if (newAnswers !== undefined) {
        if (!Array.isArray(newAnswers) || !newAnswers.every(isAnswerFault)) return '"answers" is a list of faults.';
        answers = newAnswers.map((fault) => ({ ...fault }));
      }
      if (newResult !== undefined) {
        const known = RESULTS.find((name) => name === newResult);
        if (known === undefined) return `"result" is one of ${RESULTS.join(', ')}.`;
        result = known;
      }
      if (newThrottled !== undefined) throttled = newThrottled === true;
      if (newWithoutTimes !== undefined) withoutTimes = newWithoutTimes === true;
      return null;
    },
    answer(operation) {
      const fault = answers.find((each) => each.operation === operation && each.times > 0);
      if (fault === undefined) return null;
      fault.times -= 1;
      return fault.answer;
    },
    bend(told) {
      switch (result) {
        case 'normal':
          return told;
        case 'noImages':
          return { output: { status: 'success_no_images', images: [] } };
        case 'failed':
          return { error: 'Job processing failed', output: { details: ['Workflow execution error: out of memory'] } };
        case 'never':
          return 'never';
        // Computed, paid for, and lost: what a result over the payload limit looks like from outside.
        case 'withoutOutput':
          return {};
        case 'lostTooLarge':
          return { output: null };
      }
    },
    throttled: () => throttled,
    withoutTimes: () => withoutTimes,
  };
}

function isAnswerFault(value: unknown): value is AnswerFault {
  if (typeof value !== 'object' || value === null) return false;
  const { operation, answer, times } = value as Record<string, unknown>;
  const known = answer === 'malformed' || answer === 'drop' || (Number.isInteger(answer) && Number(answer) >= 400);
  return OPERATIONS.has(String(operation)) && known && Number.isInteger(times);
}
