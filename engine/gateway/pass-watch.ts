/**
 * Looks at all passes together, twice a second while there are any: ends those on which nothing has moved for the silence
 * limit, and tells the meter of those that last. So a quick request costs neither a timer nor a word to the idle policy.
 */
import type { ActivityMeter } from '../idle/activity-meter.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Pass, PassPhase } from './pass.ts';

export interface PassWatch {
  add(pass: Pass): void;
  remove(pass: Pass): void;
  count(): number;
  some(test: (pass: Pass) => boolean): boolean;
}

export interface PassWatchDeps {
  readonly clock: Clock;
  readonly meter: Pick<ActivityMeter, 'begin' | 'touch'>;
  /** Silence limit in seconds. */
  readonly silenceTimeoutSeconds: () => number;
}

/** Kept from the first look on; most passes are over by then. */
interface Lasting {
  movedBytes: number;
  movedAt: number;
  blocking: { readonly phase: PassPhase; readonly end: () => void } | null;
}

/** Also how exactly the last activity is known. */
const LOOK_MS = 500;

export function createPassWatch({ clock, meter, silenceTimeoutSeconds }: PassWatchDeps): PassWatch {
  const passes: Pass[] = [];
  const lasting = new Map<Pass, Lasting>();
  let looking = false;
  let touched = false;
  let touchAgain = false;

  function look(): void {
    touched = false;
    if (touchAgain) meter.touch();
    touchAgain = false;
    const now = clock.monotonic();
    for (const pass of [...passes]) lookAt(pass, now);
    looking = passes.length > 0;
    if (looking) clock.after(LOOK_MS, look);
  }

  function lookAt(pass: Pass, now: number): void {
    const movedBytes = pass.movedBytes();
    let entry = lasting.get(pass);
    if (entry === undefined) {
      entry = { movedBytes, movedAt: now, blocking: null };
      lasting.set(pass, entry);
    }
    if (pass.counts) block(pass, entry);
    const limitMs = silenceTimeoutSeconds() * 1000;
    if (movedBytes !== entry.movedBytes) {
      entry.movedAt = now;
      entry.movedBytes = movedBytes;
    } else if (now - entry.movedAt >= limitMs) {
      pass.abort(silentError(limitMs));
    }
  }

  function block(pass: Pass, entry: Lasting): void {
    const phase = pass.phase();
    if (entry.blocking?.phase === phase) return;
    const previous = entry.blocking;
    entry.blocking = { phase, end: meter.begin(phase) };
    previous?.end();
  }

  /** Now, or at the next look when that was a moment ago. */
  function touch(): void {
    if (touched) {
      touchAgain = true;
      return;
    }
    touched = true;
    meter.touch();
  }

  function lookLater(): void {
    if (looking) return;
    looking = true;
    clock.after(LOOK_MS, look);
  }

  return {
    add(pass) {
      pass.watchIndex = passes.length;
      passes.push(pass);
      lookLater();
      if (pass.counts) touch();
    },
    remove(pass) {
      const last = passes.pop();
      if (last !== undefined && last !== pass) {
        passes[pass.watchIndex] = last;
        last.watchIndex = pass.watchIndex;
      }
      if (pass.counts) touch();
      if (lasting.size === 0) return;
      lasting.get(pass)?.blocking?.end();
      lasting.delete(pass);
    },
    count: () => passes.length,
    some: (test) => passes.some(test),
  };
}

const silentError = (limitMs: number): AppError =>
  new AppError('upstream_silent', `Nothing moved between ComfyUI and this client for ${limitMs / 1000} s.`);
