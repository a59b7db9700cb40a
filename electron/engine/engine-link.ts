/** What the rooms of the shell see of the engine: its last status, what happens, and its API. Types alone; engine-host.ts makes one. */
import type { Happening, JobNotice, PromptEnd } from '../../contract/events.ts';
import type { Status } from '../../contract/status.ts';

export type EngineState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'connected'; readonly url: string; readonly ours: boolean }
  /** It does not answer, or its process ended; it is started again. */
  | { readonly kind: 'restarting'; readonly attempt: number; readonly reason: string }
  /** Five restarts did not help: the user is told, and may try again. */
  | { readonly kind: 'gaveUp'; readonly reason: string }
  | { readonly kind: 'ending' };

export interface EngineLink {
  state(): EngineState;
  /** The last one heard; null before the first and while no engine answers. */
  status(): Status | null;
  /** Base address without a path; null while there is none. */
  url(): string | null;
  /** Of state or status. Returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  onHappening(listener: (happening: Happening) => void): () => void;
  onPromptEnd(listener: (end: PromptEnd) => void): () => void;
  onJobNotice(listener: (notice: JobNotice) => void): () => void;
  /** A JSON answer of the API. @throws EngineRefusal with the engine's own code and words, or code `unreachable` */
  get(path: string): Promise<unknown>;
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  /** Bytes, for example of a preview; null on 404. At most 8 MiB. */
  download(path: string): Promise<{ readonly type: string; readonly body: Buffer } | null>;
}

/** The engine said no, or nothing. */
export class EngineRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'EngineRefusal';
  }
}
