/** Those who wait for ComfyUI to run or to be gone, and the answer each gets. Every one is answered, once. Pure of effects but its promises. */
import { AppError } from '../platform/app-error.ts';
import { assertNever } from '../platform/assert-never.ts';
import { failureError } from './reasons/failures.ts';
import type { Life } from './state.ts';
import type { ComfyAddress } from './supervisor.ts';

export interface Waiters {
  /** Resolves when ComfyUI runs; rejects when it settles otherwise, or when `signal` aborts. */
  forRunning(signal?: AbortSignal): Promise<ComfyAddress>;
  /** Resolves when nothing of ComfyUI is left; rejects when it would not end. */
  forEnd(): Promise<void>;
  /** Called after every transition, and answers whom it settles. */
  settle(from: Life, to: Life): void;
}

interface Waiter<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: AppError) => void;
}

export function createWaiters(addressOf: (life: Life) => ComfyAddress | null): Waiters {
  const forRunning = new Set<Waiter<ComfyAddress>>();
  const forEnd = new Set<Waiter<void>>();

  function answerRunning(answer: (waiter: Waiter<ComfyAddress>) => void): void {
    for (const waiter of forRunning) answer(waiter);
    forRunning.clear();
  }

  function settleRunning(to: Life): void {
    switch (to.kind) {
      case 'running': {
        const address = addressOf(to);
        if (address !== null) answerRunning((waiter) => waiter.resolve(address));
        return;
      }
      case 'failed':
        answerRunning((waiter) => waiter.reject(failureError(to.error)));
        return;
      case 'stopped': {
        const why =
          to.reason === 'exited'
            ? 'ComfyUI ended by itself while it was waited for.'
            : 'ComfyUI was stopped while it was waited for.';
        answerRunning((waiter) => waiter.reject(new AppError('start_cancelled', why)));
        return;
      }
      case 'starting':
      case 'stopping':
      case 'backingOff':
        return;
      default:
        assertNever(to);
    }
  }

  function settleEnd(from: Life, to: Life): void {
    if (to.kind === 'stopping') return;
    const left = to.kind === 'failed' && to.processLeft ? failureError(to.error) : null;
    const ended = from.kind === 'stopping' || to.kind === 'stopped' || to.kind === 'failed' || to.kind === 'backingOff';
    if (!ended) return;
    for (const waiter of forEnd) {
      if (left === null) waiter.resolve();
      else waiter.reject(left);
    }
    forEnd.clear();
  }

  return {
    forRunning(signal) {
      return new Promise((resolve, reject) => {
        const abort = () => {
          forRunning.delete(waiter);
          reject(new AppError('start_cancelled', 'The wait for ComfyUI was called off; its start goes on.'));
        };
        const waiter: Waiter<ComfyAddress> = {
          resolve(address) {
            signal?.removeEventListener('abort', abort);
            resolve(address);
          },
          reject(error) {
            signal?.removeEventListener('abort', abort);
            reject(error);
          },
        };
        if (signal?.aborted) return abort();
        signal?.addEventListener('abort', abort, { once: true });
        forRunning.add(waiter);
      });
    },
    forEnd: () =>
      new Promise((resolve, reject) => {
        forEnd.add({ resolve, reject });
      }),
    settle(from, to) {
      settleRunning(to);
      settleEnd(from, to);
    },
  };
}
