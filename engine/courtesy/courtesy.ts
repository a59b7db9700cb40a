/**
 * Gives the card to others and brings ComfyUI back: decides again whenever a fact changes, and one worker at a time carries it
 * out (set aside, let finish, free, stop; start, queue again), so that the two never overlap.
 */
import type { CourtesyStatus, Lease } from '../../contract/courtesy.ts';
import type { Happening } from '../../contract/events.ts';
import type { Settings } from '../../contract/settings.ts';
import { AppError } from '../platform/app-error.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { CourtesyStore, StoredLease } from './courtesy-store.ts';
import { createLeases, type LeaseWish } from './leases.ts';
import type { Parking } from './parking.ts';
import { type CourtesyDecision, type CourtesyFacts, decide, NOTHING_SEEN, overrule } from './policy.ts';
import { type CourtesyEvent, type CourtesyState, transition } from './state.ts';
import { type CauseFacts, holderWords, promptsGoOn, promptsKept, reasonWords } from './words.ts';

export interface Courtesy {
  status(): CourtesyStatus;
  /** Why ComfyUI may not be woken now, as an error `card_lent`; null while it may. */
  refusal(): AppError | null;
  /** When the card comes back by itself, epoch milliseconds; null when that is not known. */
  backAt(): number | null;
  pause(): void;
  /** The user's word: whatever has the card loses it. Rules count again when what they name begins anew. */
  resume(): void;
  /** ComfyUI is to run when the card is back. */
  comeBack(): void;
  lease(wish: LeaseWish): Lease;
  /** @throws AppError lease_not_found, here and below */
  findLease(id: string): Lease;
  renewLease(id: string, seconds: number): Lease;
  endLease(id: string): void;
  /** Resolves when the card is free, or `signal` aborts. Rejects with lease_not_found when the lease ends before. */
  granted(id: string, signal: AbortSignal): Promise<Lease>;
  /** After the supervisor has taken over what an earlier engine left. */
  begin(): void;
  /** What is watched, or the settings of it, has changed. */
  look(): void;
  onChange(listener: () => void): Unsubscribe;
  close(): void;
}

export interface CourtesyDeps {
  readonly supervisor: Pick<Supervisor, 'state' | 'stop' | 'ensureRunning' | 'onTransition'>;
  readonly settings: () => Settings['courtesy'];
  readonly programs: () => readonly string[];
  readonly foreignVram: () => boolean;
  readonly parking: Parking;
  /** Prompts of ComfyUI's page that wait until it may run again. */
  readonly keptPrompts: () => number;
  readonly store: CourtesyStore;
  readonly freeVram: () => Promise<void>;
  /** Resolves when the history of all that has ended is on disk. Rejects when ComfyUI does not answer. */
  readonly historySaved: () => Promise<unknown>;
  /** Requests on their way to ComfyUI: one of them may be a prompt. */
  readonly requestsInFlight: () => number;
  readonly tell: (level: Happening['level'], message: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const LOOK_MS = 500;
const RETRY_MS = 2000;

export function createCourtesy(deps: CourtesyDeps): Courtesy {
  const { supervisor, parking, keptPrompts, store, clock, log, tell } = deps;
  const changed = createListeners<void>((error) => log.error({ err: error }, 'a courtesy listener failed'));
  const stored = store.load();
  const leases = createLeases(stored.leases);
  let { paused, comesBack } = stored;
  let state: CourtesyState = { kind: 'none' };
  let memory = NOTHING_SEEN;
  let backAt: number | null = null;
  /** The last start failed; the next ComfyUI that runs settles it. */
  let gaveUp = false;
  let begun = false;
  let closed = false;
  let working = false;
  let wakeWorker: () => void = () => undefined;
  let turned = new AbortController();
  let cancelTimer: CancelTimer = () => undefined;

  const facts = (): CourtesyFacts => ({
    paused,
    leases: leases.held(clock.now()).length,
    programs: deps.programs(),
    foreignVram: deps.foreignVram(),
  });

  function causeFacts(cause: CauseFacts['cause']): CauseFacts {
    const limitGigabytes = deps.settings().foreignVramGigabytes;
    return { cause, leases: leases.held(clock.now()), programs: deps.programs(), limitGigabytes, until: backAt };
  }

  function look(): void {
    if (!begun || closed) return;
    save();
    const now = clock.monotonic();
    const decision = decide(memory, facts(), deps.settings().comeBackAfterSeconds * 1000, now);
    memory = decision.memory;
    backAt = knownEnd(decision);
    arm(decision.looksAgainAt);
    step(decision.cause === null ? { kind: 'unwanted' } : { kind: 'wanted', cause: decision.cause });
    changed.notify();
  }

  /** A lease beside a pause ends nothing; beside a rule it ends before the rule does. */
  function knownEnd({ cause, looksAgainAt }: CourtesyDecision): number | null {
    if (cause === 'lease') return Math.max(...leases.held(clock.now()).map(({ until }) => until));
    return cause === null || cause === 'paused' || looksAgainAt === null
      ? null
      : clock.now() + looksAgainAt - clock.monotonic();
  }

  function arm(looksAgainAt: number | null): void {
    cancelTimer();
    const now = clock.now();
    const waits = leases.held(now).map(({ until }) => until - now);
    if (looksAgainAt !== null) waits.push(looksAgainAt - clock.monotonic());
    if (waits.length > 0) cancelTimer = clock.after(Math.min(...waits) + 1, look);
  }

  function step(event: CourtesyEvent): void {
    const before = state;
    state = transition(before, event, clock.now());
    if (state === before) return;
    announce(before, state);
    if (before.kind !== state.kind) {
      gaveUp = false;
      turned.abort();
      turned = new AbortController();
    }
    void work();
  }

  function announce(before: CourtesyState, after: CourtesyState): void {
    const kept = promptsKept(keptPrompts());
    const goOn = promptsGoOn(keptPrompts());
    if (after.kind === 'none') {
      const follows = comesBack || goOn !== '' ? ` ComfyUI comes back${goOn}.` : '';
      tell('info', `The card is back.${follows}`);
      return;
    }
    const who = holderWords(causeFacts(after.cause));
    if (before.kind === 'none') tell('info', `Giving the card to ${who}: what runs is finished first.`);
    else if (after.kind === 'yielded') tell('info', `Gave the card to ${who}${kept}.`);
    else tell('info', `The card goes on to ${who}.`);
  }

  function save(): void {
    try {
      store.save({ paused, leases: [...leases.held(clock.now())], comesBack });
    } catch (error) {
      log.error({ error: String(error) }, 'who has the card could not be saved');
    }
  }

  function setComesBack(wanted: boolean): void {
    comesBack = wanted;
    save();
  }

  /** Carries out what the state asks for, until there is nothing left to do. */
  async function work(): Promise<void> {
    wakeWorker();
    if (working) return;
    working = true;
    while (!closed) {
      const task = state.kind === 'draining' ? drain : isOwed() ? bringBack : null;
      if (task === null) break;
      const pauseMs = await task().catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the card could not be given or taken back yet');
        return RETRY_MS;
      });
      if (pauseMs > 0) await pauseFor(pauseMs);
    }
    working = false;
  }

  const isOwed = (): boolean => state.kind === 'none' && !gaveUp && comesBack;

  function pauseFor(pauseMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(pauseMs, resolve);
      wakeWorker = () => {
        cancel();
        resolve();
      };
    });
  }

  /** @returns milliseconds until it is worth looking again */
  async function drain(): Promise<number> {
    const { kind } = supervisor.state();
    if (kind === 'stopped' || kind === 'failed') {
      step({ kind: 'freed' });
      changed.notify();
      return 0;
    }
    if (kind === 'starting' || kind === 'backingOff' || kind === 'running') setComesBack(true);
    if (kind !== 'running') {
      await supervisor.stop('yielded');
      return 0;
    }
    const left = await parking.park();
    changed.notify();
    if (left > 0 || deps.requestsInFlight() > 0) return LOOK_MS;
    await deps.freeVram().catch((error: unknown) => log.info({ error: String(error) }, 'VRAM was not freed first'));
    // A prompt that was let in before the door closed may have come meanwhile.
    if ((await parking.park()) > 0 || deps.requestsInFlight() > 0) return LOOK_MS;
    // What has just ended is known from the history alone, and that ends with ComfyUI.
    await deps.historySaved();
    if (state.kind === 'draining') await supervisor.stop('yielded');
    return 0;
  }

  /** @returns milliseconds until it is worth trying again */
  async function bringBack(): Promise<number> {
    const { signal } = turned;
    const isWanted = () => !signal.aborted && !closed;
    if (supervisor.state().kind !== 'running') {
      try {
        await supervisor.ensureRunning('cardBack', { signal });
      } catch (error) {
        if (!isWanted()) return 0;
        gaveUp = true;
        setComesBack(false);
        const why = error instanceof AppError ? error.message : 'it could not be started.';
        tell('error', `ComfyUI did not come back${promptsKept(keptPrompts())}: ${why}`);
        return 0;
      }
    }
    if (!isWanted()) return 0;
    setComesBack(false);
    changed.notify();
    return 0;
  }

  const stopFollowing = supervisor.onTransition(({ to }) => {
    if (to.kind === 'running') gaveUp = false;
    if (begun && (to.kind === 'running' || state.kind === 'draining')) void work();
  });

  const shown = ({ id, owner, reason, since, until }: StoredLease): Lease => ({
    id,
    owner,
    reason,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    granted: state.kind === 'yielded',
  });

  return {
    status() {
      const { kind } = state;
      const lent = state.kind === 'none' ? null : state;
      return {
        state: kind,
        cause: lent?.cause ?? null,
        reason: lent === null ? null : reasonWords(causeFacts(lent.cause)),
        since: lent === null ? null : new Date(lent.since).toISOString(),
        until: backAt === null ? null : new Date(backAt).toISOString(),
        parkedPrompts: keptPrompts(),
        leases: leases.held(clock.now()).map(shown),
      };
    },
    refusal() {
      if (state.kind === 'none') return null;
      const until = backAt === null ? null : new Date(backAt).toISOString();
      return new AppError('card_lent', reasonWords(causeFacts(state.cause)), {
        details: { cause: state.cause, until },
      });
    },
    backAt: () => backAt,
    pause() {
      paused = true;
      look();
    },
    resume() {
      const lent = facts();
      const owners = leases.held(clock.now()).map(({ owner }) => owner);
      const overruled = [...owners, ...lent.programs, ...(lent.foreignVram ? ['other programs'] : [])];
      paused = false;
      leases.endAll();
      memory = overrule(lent);
      if (state.kind !== 'none' && overruled.length > 0) {
        tell('warning', `You took the card back from ${overruled.join(' and ')}.`);
      }
      look();
    },
    comeBack: () => setComesBack(true),
    lease(wish) {
      const lease = leases.add(wish, clock.now());
      look();
      return shown(lease);
    },
    findLease: (id) => shown(leases.find(id, clock.now())),
    renewLease(id, seconds) {
      const lease = leases.renew(id, seconds, clock.now());
      look();
      return shown(lease);
    },
    endLease(id) {
      leases.end(id, clock.now());
      look();
    },
    granted(id, signal) {
      return new Promise((resolve, reject) => {
        const settle = (answer: () => void): void => {
          stopListening();
          signal.removeEventListener('abort', check);
          answer();
        };
        const check = (): void => {
          try {
            const lease = shown(leases.find(id, clock.now()));
            if (lease.granted || signal.aborted) settle(() => resolve(lease));
          } catch (error) {
            settle(() => reject(error));
          }
        };
        const stopListening = changed.add(check);
        signal.addEventListener('abort', check);
        check();
      });
    },
    begin() {
      begun = true;
      look();
      void work();
    },
    look,
    onChange: (listener) => changed.add(listener),
    close() {
      closed = true;
      turned.abort();
      cancelTimer();
      wakeWorker();
      stopFollowing();
    },
  };
}
