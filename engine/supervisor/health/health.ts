/** Watches a running ComfyUI: asks every 5 s whether it answers, and finds out whether one that does not is hung, busy, or restarting itself. Ends nothing. */
import type { CancelTimer, Clock } from '../../platform/clock.ts';
import { judgeSilence, type Silence } from './hang-policy.ts';
import type { Probe, ProbeTarget } from './stats-probe.ts';

export interface HealthDeps extends ProbeTarget {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly isBusy: () => boolean;
  /** Processor time of the whole tree; asked only while nothing answers. */
  readonly cpuSeconds: () => Promise<number | null>;
  readonly lastLine: () => number;
  /** Called once, with how long nothing was answered. The watch is over then. */
  readonly onHung: (silentForMs: number) => void;
  /** The port is closed while the process lives: it replaces itself. Called once; the watch is over then. */
  readonly onServerGone: () => void;
}

export interface HealthWatch {
  /** Something points to a restart or an end: look now. */
  checkNow(): void;
  stop(): void;
}

const CHECK_EVERY_MS = 5_000;
const ANSWER_LIMIT_MS = 5_000;
/** A process that was killed refuses too, for the moment until its exit is noticed. */
const REFUSED_AGAIN_AFTER_MS = 500;

export function watchHealth(deps: HealthDeps): HealthWatch {
  const { clock } = deps;
  const over = new AbortController();
  let cancelNext: CancelTimer = () => undefined;
  let checking = false;
  let silence: Silence | null = null;
  let refusedBefore = false;

  function schedule(delayMs: number): void {
    cancelNext();
    if (!over.signal.aborted) cancelNext = clock.after(delayMs, () => void check());
  }

  async function check(): Promise<void> {
    if (checking) return;
    checking = true;
    const startedAt = clock.monotonic();
    const answer = await deps.probe(deps, { timeoutMs: ANSWER_LIMIT_MS, signal: over.signal });
    if (!over.signal.aborted && answer.kind === 'silent') await judge();
    checking = false;
    if (over.signal.aborted) return;

    const refused = answer.kind === 'refused';
    if (refused && refusedBefore) return finish(deps.onServerGone);
    if (answer.kind === 'answered') silence = null;
    refusedBefore = refused;
    schedule(refused ? REFUSED_AGAIN_AFTER_MS : Math.max(0, CHECK_EVERY_MS - (clock.monotonic() - startedAt)));
  }

  async function judge(): Promise<void> {
    const cpuSeconds = await deps.cpuSeconds().catch(() => null);
    if (over.signal.aborted) return;
    const at = clock.monotonic();
    const judged = judgeSilence(silence, { busy: deps.isBusy(), cpuSeconds, lastLine: deps.lastLine(), at });
    silence = judged.silence;
    const silentForMs = at - judged.silence.since + ANSWER_LIMIT_MS;
    if (judged.verdict === 'hung') finish(() => deps.onHung(silentForMs));
  }

  function finish(tell: () => void): void {
    stop();
    tell();
  }

  function stop(): void {
    over.abort();
    cancelNext();
  }

  schedule(CHECK_EVERY_MS);
  return { checkNow: () => schedule(0), stop };
}
