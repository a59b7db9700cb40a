/**
 * What the engine says, in the language of the page: the catalogue's words by its codes where it has them, else its own English sentence.
 * Knows no codes itself.
 */
import { ERROR_CODES, type ErrorCode } from '../../contract/errors.ts';
import type { Status } from '../../contract/status.ts';
import type { ErrorWords } from '../../strings/vocabulary.ts';
import { words } from '../words.ts';
import { ApiError } from './api-error.ts';

/** The catalogue's entry of a code; a code newer than this page has none. */
const entryOf = <Entry>(table: Readonly<Record<string, Entry>> | null, code: string): Entry | undefined =>
  table?.[code];

const errorWordsOf = (code: string): ErrorWords | undefined =>
  entryOf(words.engine.error as Readonly<Record<string, ErrorWords>>, code);

/** Why ComfyUI is in its state. */
export function reasonOf(status: Status): string {
  const { engine } = words;
  const { state, reasonCode, courtesy } = status;
  if (courtesy.state === 'yielded' && state !== 'starting') return courtesyReason(courtesy) ?? status.reason;
  if (state === 'stopping') return engine.stopping ?? status.reason;
  if (state === 'stopped') return entryOf(engine.stopped, reasonCode) ?? status.reason;
  if (state === 'failed' || state === 'backingOff') return errorWordsOf(reasonCode)?.title ?? status.reason;
  const because = entryOf(engine.started, reasonCode);
  if (because === undefined) return status.reason;
  return state === 'starting'
    ? engine.starting(because, status.boot?.attempt ?? 1)
    : // The status has no field for it; its English sentence says so.
      engine.running(because, status.reason.includes('without custom nodes'));
}

/** Who has the card and why; null when nobody has it. */
export function courtesyReason({ cause, reason, leases }: Status['courtesy']): string | null {
  const owner = leases.find(({ granted }) => granted)?.owner ?? leases[0]?.owner ?? null;
  return cause === null || words.engine.yielded === null ? reason : words.engine.yielded(cause, owner);
}

export interface ErrorText {
  readonly message: string;
  /** The engine's own sentence, where `message` is not it and does not say all. */
  readonly detail: string | null;
  readonly next: string | null;
}

/** @param next of the answer; null: what the table of errors says */
export function errorText(code: string, message: string, next: string | null = null): ErrorText {
  const told = errorWordsOf(code);
  if (told === undefined) return { message, detail: null, next: next ?? knownNext(code) };
  return { message: told.title, detail: told.withDetail === true ? message : null, next: told.next };
}

/** Any failure in one line: the engine's in the language of the page, the shell's and our own as they are. */
export function failureWords(error: Error): string {
  if (!(error instanceof ApiError) || error.kind !== 'stoker') return error.message;
  const { message, detail } = errorText(error.code, error.message);
  return detail === null ? message : `${message} ${detail}`;
}

/** An engine newer than this page may name a code it does not know. */
function knownNext(code: string): string | null {
  return code in ERROR_CODES ? ERROR_CODES[code as ErrorCode].next : null;
}
