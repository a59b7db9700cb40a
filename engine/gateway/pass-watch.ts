/**
 * Looks at all passes together, twice a second while there are any: ends those on which nothing has moved for the silence
 * limit, and tells the meter of those that last. So a quick request costs neither a timer nor a word to the idle policy.
 */
import type { ActivityMeter } from '../idle/activity-meter.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Pass, PassPhase } from './pass.ts';

export interface PassWatch {
  /** @param counts whether the pass keeps ComfyUI awake while it lasts */
  add(pass: Pass, counts: boolean): void;
  remove(pass: Pass): void;
  readonly size: number;
}

export interface PassWatchDeps {
  readonly clock: Clock;
  readonly meter: Pick<ActivityMeter, 'begin' | 'touch'>;
  /** Silence limit in seconds. */
  readonly silenceTimeoutSeconds: () => number;
}

interface Watched {
  readonly counts: boolean;
  movedBytes: number;
  movedAt: number | null;
  blocking: { readonly phase: PassPhase; readonly end: () => void } | null;
}

const LOOK_MS = 500;
/** How exactly the last activity is known; the idle policy works in seconds. */
const TOUCH_MS = 100;

export function createPassWatch({ clock, meter, silenceTimeoutSeconds }: PassWatchDeps): PassWatch {
  const watched = new Map<Pass, Watched>();
  let looking = false;
  let touchedAt = Number.NEGATIVE_INFINITY;

  function touch(): void {
    const now = clock.monotonic();
    if (now - touchedAt < TOUCH_MS) return;
    touchedAt = now;
    meter.touch();
  }

  function look(): void {
    const now = clock.monotonic();
    const limitMs = silenceTimeoutSeconds() * 1000;
    for (const [pass, entry] of watched) {
      if (entry.counts) block(pass, entry);
      const movedBytes = pass.movedBytes();
      if (entry.movedAt === null || movedBytes !== entry.movedBytes) {
        entry.movedAt = now;
        entry.movedBytes = movedBytes;
      } else if (now - entry.movedAt >= limitMs) {
        pass.abort(silentError(limitMs));
      }
    }
    looking = watched.size > 0;
    if (looking) clock.after(LOOK_MS, look);
  }

  function block(pass: Pass, entry: Watched): void {
    const phase = pass.phase();
    if (entry.blocking?.phase === phase) return;
    const previous = entry.blocking;
    entry.blocking = { phase, end: meter.begin(phase) };
    previous?.end();
  }

  return {
    add(pass, counts) {
      watched.set(pass, { counts, movedBytes: 0, movedAt: null, blocking: null });
      if (counts) touch();
      if (looking) return;
      looking = true;
      clock.after(LOOK_MS, look);
    },
    remove(pass) {
      const entry = watched.get(pass);
      if (entry === undefined) return;
      watched.delete(pass);
      if (entry.blocking !== null) entry.blocking.end();
      else if (entry.counts) touch();
    },
    get size() {
      return watched.size;
    },
  };
}

const silentError = (limitMs: number): AppError =>
  new AppError('upstream_silent', `Nothing moved between ComfyUI and this client for ${limitMs / 1000} s.`);
