/** What a place where jobs run must be able to do. Types alone: one file per kind of target makes one. */
import type { JobError, JobOutput, JobProgress, RunPhase } from '../../contract/jobs.ts';
import type { PreviewPicture } from '../comfyui/live-previews.ts';
import type { JobPayload } from '../jobs/store.ts';
import type { Unsubscribe } from '../platform/listeners.ts';

export interface TargetOffer {
  /** How many more jobs it takes now. */
  readonly free: number;
  /** Jobs before a new one would begin; the smallest wins. */
  readonly load: number;
  /** Why it takes none, in words; null while it takes some. */
  readonly refusal: string | null;
  /** After trouble with it: when it is tried again, in epoch milliseconds. */
  readonly retryAt?: number;
}

export interface Target {
  /** `local`, or the name the user gave it. */
  readonly name: string;
  offer(): TargetOffer;
  /** The offer may have changed. */
  onChange(listener: () => void): Unsubscribe;
  /**
   * Why it would not take that job, in words; null when it would. Asks and sends nothing. A target without it takes what its offer takes.
   * @param ahead jobs that will come to it before
   */
  accepts?(payload: JobPayload, ahead: number): Promise<string | null>;
  /** Runs a job to its end, or follows one that it had accepted before. Never rejects. */
  run(task: TargetTask): Promise<RunEnd>;
}

/** Where jobs may run; endpoints come and go. */
export interface Targets {
  list(): readonly { readonly target: Target; readonly automatic: boolean }[];
  /** An offer, or the list itself, may have changed. */
  onChange(listener: () => void): Unsubscribe;
}

export interface TargetTask {
  readonly jobId: string;
  /** From 1. */
  readonly attempt: number;
  /** From 1, and never the same for two runs of one job: what money is held for. */
  readonly run: number;
  readonly payload: JobPayload;
  /** `fresh`: never handed over. `resumed`: it was handed over, or was about to be, when the engine ended; known there by `remoteId` if accepted. */
  readonly start:
    | { readonly kind: 'fresh' }
    /** The gateway has just handed it over; null when the answer was lost. */
    | { readonly kind: 'handed'; readonly remoteId: string | null }
    | { readonly kind: 'resumed'; readonly remoteId: string | null; readonly phase: RunPhase };
  /** Resolves when it is on disk that the target knows the job by that id. */
  accepted(remoteId: string): Promise<void>;
  advanced(phase: Exclude<RunPhase, 'submitting' | 'cancelling'>): void;
  /** Null: nothing is known of it now. */
  progressed(progress: JobProgress | null): void;
  /** A look at what it works on. */
  previewed(picture: PreviewPicture): void;
  /** What the job has cost so far, in millionths of a US dollar; inside a commit of the caller's. */
  costs(microDollars: number | null): void;
  /** One more line in what is told of the job; inside a commit of the caller's. */
  remark(message: string): void;
  /** Keeps one result; on return it is on disk. */
  keep(nodeId: string, filename: string, content: AsyncIterable<Uint8Array>, type: string | null): Promise<KeptOutput>;
  /** Aborts when the user wants the job cancelled. */
  readonly cancel: AbortSignal;
  /**
   * Aborts when the job is wanted elsewhere: a target that can tell that it has not begun gives it back (`notStarted`); when it has begun
   * the target says `stays` and goes on. It keeps looking until it can tell.
   */
  readonly recall: AbortSignal;
  /** In words, as an answer to `recall`. */
  stays(reason: string): void;
  /** Aborts when the engine ends: what runs goes on without us, and is picked up again. */
  readonly detach: AbortSignal;
}

export type KeptOutput = Omit<JobOutput, 'n'>;

export type RunEnd =
  | {
      readonly kind: 'completed';
      readonly outputs: readonly KeptOutput[];
      readonly note: string | null;
      /** How long it ran there, without waiting; missing when nobody told. */
      readonly executionMs?: number | undefined;
    }
  /** `again`: running it once more is safe, costs nothing unasked, and may help. */
  | { readonly kind: 'failed'; readonly error: JobError; readonly again: boolean }
  | { readonly kind: 'cancelled' }
  /** Certainly not started. */
  | { readonly kind: 'notStarted'; readonly reason: string; readonly retryInMs: number }
  | { readonly kind: 'detached' };
