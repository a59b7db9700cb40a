/**
 * The single writer of ComfyUI's life: runs the effects that state.ts asks for and answers everyone who waits.
 * Nobody looks at the state and then acts; callers ask `ensureRunning` and the machine decides.
 */
import type { LogLine } from '../../contract/events.ts';
import type { StartReason, StopReason, SupervisorState } from '../../contract/supervisor-state.ts';
import type { Unsubscribe } from '../platform/listeners.ts';

/** Where the running ComfyUI answers. `generation` grows with every start, so that a late answer from an earlier one is known as such. */
export interface ComfyAddress {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly generation: number;
}

export interface Transition {
  readonly from: SupervisorState;
  readonly to: SupervisorState;
  /** Epoch milliseconds. */
  readonly at: number;
  /** One sentence for the event list. */
  readonly message: string;
}

export interface StartOptions {
  readonly withoutCustomNodes?: boolean;
}

/** Live output of ComfyUI: a bounded ring in memory, rotated files on disk. */
export interface ComfyLog {
  /** The newest `count` lines, oldest first. */
  tail(count: number): LogLine[];
  /** Lines with a greater sequence than `sequence` that are still in memory. */
  after(sequence: number): LogLine[];
  /** Called with batches, never per byte. */
  onLines(listener: (lines: LogLine[]) => void): Unsubscribe;
  readonly file: string;
}

export interface Supervisor {
  state(): SupervisorState;
  /** The address while `running`, else null. */
  address(): ComfyAddress | null;
  /**
   * Resolves when ComfyUI answers: at once when running, else after the start in progress or a new one; waits through `stopping` and `backingOff`.
   * @throws AppError (exited_early, start_timeout, gave_up, not_configured, …) when the machine settles without running,
   *         or start_cancelled when `signal` aborts (the start itself goes on) or somebody stops it.
   */
  ensureRunning(reason: StartReason, options?: StartOptions & { readonly signal?: AbortSignal }): Promise<ComfyAddress>;
  /** Resolves when no process of ComfyUI is left; stopping a stopped one resolves at once. Also ends a start or a back-off. */
  stop(reason: StopReason): Promise<void>;
  restart(options?: StartOptions): Promise<ComfyAddress>;
  /**
   * The health check's and the gateway's word that ComfyUI is busy (`true` while a prompt runs):
   * a process that does not answer while busy is spared far longer than an idle one.
   */
  setBusy(busy: boolean): void;
  onTransition(listener: (transition: Transition) => void): Unsubscribe;
  readonly log: ComfyLog;
  /** Seconds a start took lately, learnt over earlier ones; null before the first. */
  expectedStartSeconds(): number | null;
  /** Adopts or ends what an earlier engine left behind. Called once, before anything else. */
  recover(): Promise<void>;
  /** Stops ComfyUI and releases files and timers. */
  close(): Promise<void>;
}
