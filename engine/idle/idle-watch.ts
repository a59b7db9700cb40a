/**
 * Carries out the idle policy: decides again whenever a fact changes, and otherwise by one timer set to the exact time.
 * Before a stop it asks ComfyUI itself, and the last look and the stop happen in one turn, so that work that raced wins.
 */
import type { Settings } from '../../contract/settings.ts';
import type { IdleStatus, QueueStatus } from '../../contract/status.ts';
import type { QueueWatch } from '../comfyui/queue-watch.ts';
import { AppError } from '../platform/app-error.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import type { Supervisor, Transition } from '../supervisor/supervisor.ts';
import type { ActivityMeter } from './activity-meter.ts';
import { decide, type IdleDecision, type IdleFacts } from './policy.ts';
import { createWallTime } from './wall-time.ts';

export interface IdleWatch {
  status(): IdleStatus;
  /**
   * Neither frees nor stops before then; takes back `stopWhenDone`. Outlives the engine.
   * @param untilMs epoch milliseconds, or null to let it sleep again
   * @throws AppError invalid_request when that time is over
   */
  keepAwake(untilMs: number | null): void;
  /** Stops as soon as nothing blocks; takes back keep awake. Over with the next stop, and without effect while nothing runs. */
  stopWhenDone(wanted: boolean): void;
  /** Frees VRAM now. @throws AppError not_running, upstream_unreachable */
  freeVram(): Promise<void>;
  /** Hears of every change but the passing of time. */
  onChange(listener: (status: IdleStatus) => void): Unsubscribe;
  close(): void;
}

/** Keeps the end of keep awake over a restart of the engine. */
export interface KeepAwakeStore {
  /** Epoch milliseconds; null when there is none. */
  load(): number | null;
  save(untilMs: number | null): void;
}

export interface IdleWatchDeps {
  readonly meter: Pick<ActivityMeter, 'snapshot' | 'onChange'>;
  readonly queue: Pick<QueueWatch, 'snapshot' | 'refresh' | 'onChange'>;
  readonly supervisor: Pick<Supervisor, 'state' | 'stop' | 'onTransition'>;
  readonly freeVram: () => Promise<void>;
  readonly settings: { current(): Pick<Settings, 'idle'>; onChange(listener: () => void): Unsubscribe };
  readonly keepAwakeStore: KeepAwakeStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** After ComfyUI refused to be freed, stopped or asked. */
const RETRY_MS = 10_000;
/** A timer this late by the wall clock means that the computer slept: somebody woke it, and may want ComfyUI. */
const SLEPT_MS = 10_000;
/** Requests come by the thousand; the time they push back is exact, the look at it need not be immediate. */
const NOTICE_MS = 200;

export function createIdleWatch(deps: IdleWatchDeps): IdleWatch {
  const { meter, queue, supervisor, settings, keepAwakeStore, clock, log } = deps;
  const changed = createListeners<IdleStatus>((error) =>
    log.error({ error: String(error) }, 'an idle listener failed'),
  );

  const wallTime = createWallTime(clock);
  let runningSince = supervisor.state().kind === 'running' ? clock.monotonic() : null;
  let lastActivityAt = clock.monotonic();
  /** Counts what happened, to see whether anything did while we waited for an answer. */
  let happened = 0;
  let freed = false;
  let keepAwakeUntil = keepAwakeStore.load();
  let stopWhenDone = false;
  let actNotBefore = 0;
  let acting = false;
  let closed = false;
  let cancelTimer: CancelTimer | null = null;
  let cancelNotice: CancelTimer | null = null;
  let published = '';

  function facts(): IdleFacts {
    return {
      runningSince,
      lastActivityAt,
      queue: queue.snapshot(),
      inFlight: meter.snapshot().inFlight,
      keepAwakeUntil: keepAwakeUntil === null ? null : keepAwakeUntil - clock.now() + clock.monotonic(),
      stopWhenDone,
      freed,
      actNotBefore,
    };
  }

  const look = (): IdleDecision => decide(facts(), settings.current().idle, clock.monotonic());

  function evaluate(): void {
    if (closed) return;
    cancelNotice?.();
    cancelNotice = null;
    if (keepAwakeUntil !== null && keepAwakeUntil <= clock.now()) setKeepAwake(null);
    const decision = look();
    publish(decision);
    arm(decision.nextCheckAt);
    if (acting || decision.action === 'none') return;
    acting = true;
    void (decision.action === 'stop' ? stop() : free()).finally(() => {
      acting = false;
      evaluate();
    });
  }

  function arm(at: number | null): void {
    cancelTimer?.();
    cancelTimer = null;
    if (at === null) return;
    const delayMs = at - clock.monotonic();
    const dueAt = clock.now() + delayMs;
    cancelTimer = clock.after(delayMs, () => {
      if (clock.now() - dueAt > SLEPT_MS) lastActivityAt = clock.monotonic();
      evaluate();
    });
  }

  async function stop(): Promise<void> {
    try {
      await queue.refresh();
      // No await from here to the stop: a request that came while we asked shows in the meter, one that comes later
      // finds ComfyUI stopping and waits for the next start.
      if (closed || look().action !== 'stop') return;
      const reason = stopWhenDone ? 'queueDone' : 'idle';
      await supervisor.stop(reason);
    } catch (error) {
      log.warn({ error: String(error) }, 'ComfyUI could not be put to sleep');
      actNotBefore = clock.monotonic() + RETRY_MS;
    }
  }

  async function free(): Promise<void> {
    try {
      await freeVram();
    } catch (error) {
      log.warn({ error: String(error) }, 'VRAM could not be freed');
      actNotBefore = clock.monotonic() + RETRY_MS;
    }
  }

  async function freeVram(): Promise<void> {
    const before = happened;
    await deps.freeVram();
    // Work that came in between loads its models again.
    if (before === happened) freed = true;
    evaluate();
  }

  function noteActivity(): void {
    happened += 1;
    lastActivityAt = clock.monotonic();
    freed = false;
  }

  let worked = hasWork(queue.snapshot());
  function followQueue(now: QueueStatus): void {
    // The end of the work counts as well: idleness begins there.
    if (worked || hasWork(now)) noteActivity();
    worked = hasWork(now);
    evaluate();
  }

  function followSupervisor({ to }: Transition): void {
    if (to.kind === 'running') {
      runningSince = clock.monotonic();
      actNotBefore = 0;
      noteActivity();
    } else runningSince = null;
    if (to.kind === 'stopping' || to.kind === 'stopped' || to.kind === 'failed') stopWhenDone = false;
    evaluate();
  }

  function setKeepAwake(untilMs: number | null): void {
    if (untilMs === keepAwakeUntil) return;
    keepAwakeUntil = untilMs;
    keepAwakeStore.save(untilMs);
  }

  function status(): IdleStatus {
    return statusOf(look());
  }

  function statusOf(decision: IdleDecision): IdleStatus {
    const { blockedBy, idleSince } = decision;
    return {
      idleSeconds: blockedBy.length > 0 || idleSince === null ? 0 : (clock.monotonic() - idleSince) / 1000,
      timeoutSeconds: settings.current().idle.stopAfterSeconds,
      freesAt: wallTime(decision.freesAt),
      stopsAt: wallTime(decision.stopsAt),
      freed,
      blockedBy: [...blockedBy],
      keepAwakeUntil: keepAwakeUntil === null ? null : new Date(keepAwakeUntil).toISOString(),
      stopWhenDone,
    };
  }

  function publish(decision: IdleDecision): void {
    const current = statusOf(decision);
    const text = JSON.stringify({ ...current, idleSeconds: null });
    if (text === published) return;
    published = text;
    changed.notify(current);
  }

  const stopFollowing = [
    meter.onChange(() => {
      noteActivity();
      cancelNotice ??= clock.after(NOTICE_MS, evaluate);
    }),
    queue.onChange(followQueue),
    supervisor.onTransition(followSupervisor),
    settings.onChange(evaluate),
  ];
  evaluate();

  return {
    status,
    keepAwake(untilMs) {
      if (untilMs !== null && !(untilMs > clock.now())) {
        throw new AppError('invalid_request', 'ComfyUI cannot be kept awake until a time that is over.', {
          details: { field: 'until' },
        });
      }
      setKeepAwake(untilMs);
      if (untilMs !== null) stopWhenDone = false;
      evaluate();
    },
    stopWhenDone(wanted) {
      const { kind } = supervisor.state();
      stopWhenDone = wanted && kind !== 'stopped' && kind !== 'stopping' && kind !== 'failed';
      if (stopWhenDone) setKeepAwake(null);
      evaluate();
    },
    freeVram,
    onChange: (listener) => changed.add(listener),
    close() {
      closed = true;
      cancelTimer?.();
      cancelNotice?.();
      for (const unsubscribe of stopFollowing) unsubscribe();
    },
  };
}

const hasWork = (queue: QueueStatus): boolean => queue.running + queue.pending > 0;
