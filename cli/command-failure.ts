/** The one error a command ends with: words for a person, the engine's error body for `--json`, the exit code for scripts. */
import { z } from 'zod';
import { ERROR_CODES, type ErrorBody } from '../contract/errors.ts';
import { EXIT_CODES, exitCodeFor } from './exit-codes.ts';

export interface FailureBody {
  readonly source: 'stoker';
  readonly error: { readonly code: string; readonly message: string; readonly details: Record<string, unknown> };
}

export class CommandFailure extends Error {
  readonly body: FailureBody;
  readonly exitCode: number;

  constructor(body: FailureBody, exitCode: number = exitCodeFor(body.error.code)) {
    super(body.error.message);
    this.name = 'CommandFailure';
    this.body = body;
    this.exitCode = exitCode;
  }
}

/** Nobody answers for Stoker; `next` says how to change that. */
export function engineNotRunning(message: string, next = 'Start it with "stoker serve".'): CommandFailure {
  return new CommandFailure(
    { source: 'stoker', error: { code: 'engine_not_running', message, details: { next } } },
    EXIT_CODES.engineNotRunning.code,
  );
}

/** Any thrown value; an error of the engine, started in this process by `serve`, is known by its `toBody`. */
export function toCommandFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof Error && 'toBody' in error && typeof error.toBody === 'function') {
    return new CommandFailure((error.toBody as () => ErrorBody)());
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CommandFailure({
    source: 'stoker',
    error: { code: 'internal', message, details: { next: ERROR_CODES.internal.next } },
  });
}

const LogTailSchema = z.array(z.string());

/** What a person reads: what happened, the last lines ComfyUI printed, what to do next. */
export function failureLines({ body: { error } }: CommandFailure): string[] {
  const logTail = LogTailSchema.safeParse(error.details.logTail).data ?? [];
  const next = error.code === 'work_in_progress' ? WORK_IN_PROGRESS_NEXT : error.details.next;
  return [
    error.message,
    ...(logTail.length > 0 ? ['', 'The last lines ComfyUI printed:', ...logTail.map((line) => `  ${line}`), ''] : []),
    ...(typeof next === 'string' ? [next] : []),
  ];
}

/** The table's words are for callers of the API. */
const WORK_IN_PROGRESS_NEXT =
  'Wait, use "stoker stop --when-done", or repeat with --force: what runs begins anew later.';
