/**
 * The circuit breaker of one target: hears how its calls end, and says whether more may be sent. No library: cockatiel wraps calls and keeps
 * its own time, while an offer must tell the state before anything is called, and jobs under way are asked about whatever it is.
 */
import { type AppError, toAppError } from '../platform/app-error.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import { type BreakerEvent, type BreakerState, CLOSED, passing, transition } from './breaker-state.ts';
import type { TargetOffer } from './target.ts';

export interface Breaker {
  /** The offer as it may be told now. */
  offer(offer: TargetOffer): TargetOffer;
  /** Passes the outcome of a call on, and learns from it. */
  watch<Value>(call: Promise<Value>): Promise<Value>;
  /** Around every job that is handed over. @returns its end */
  begin(): () => void;
  /** It was changed: what was learnt does not count any more. */
  reset(): void;
  onChange(listener: () => void): Unsubscribe;
  close(): void;
}

export interface BreakerDeps {
  readonly name: string;
  readonly clock: Clock;
  /** Whether that error says that the target itself is broken. */
  readonly isTrouble: (error: AppError) => boolean;
}

export function createBreaker({ name, clock, isTrouble }: BreakerDeps): Breaker {
  const changed = createListeners<void>();
  let state: BreakerState = CLOSED;
  let lastTrouble = '';
  let cancelTimer: CancelTimer = () => undefined;

  function happen(event: BreakerEvent): void {
    const before = state;
    state = transition(before, event, clock.monotonic());
    if (state.kind === before.kind) return;
    cancelTimer();
    if (state.kind === 'open') {
      cancelTimer = clock.after(state.until - clock.monotonic(), () => happen({ kind: 'rested' }));
    }
    changed.notify();
  }

  return {
    offer(offer) {
      if (state.kind === 'closed' || offer.refusal !== null) return offer;
      const retryAt = state.kind === 'open' ? clock.now() + Math.max(0, state.until - clock.monotonic()) : clock.now();
      const refusal =
        state.kind === 'halfOpen' ? null : `${name} has trouble: ${lastTrouble} Stoker tries it again by itself.`;
      return { ...offer, free: passing(state, offer.free), refusal, retryAt };
    },
    async watch(call) {
      try {
        const value = await call;
        happen({ kind: 'answered' });
        return value;
      } catch (error) {
        const known = toAppError(error);
        if (isTrouble(known)) {
          lastTrouble = known.message;
          happen({ kind: 'trouble' });
        } else if (known.code !== 'internal') happen({ kind: 'answered' });
        throw error;
      }
    },
    begin() {
      happen({ kind: 'tried' });
      return () => happen({ kind: 'letGo' });
    },
    reset: () => happen({ kind: 'answered' }),
    onChange: (listener) => changed.add(listener),
    close: () => cancelTimer(),
  };
}
