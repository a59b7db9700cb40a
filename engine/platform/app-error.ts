/** The one error class of the engine: a code of contract/errors.ts, words for a person, and the evidence. */
import { ERROR_CODES, type ErrorBody, type ErrorCode } from '../../contract/errors.ts';

export interface AppErrorOptions {
  /** Evidence for the client; never a secret. */
  readonly details?: Record<string, unknown>;
  readonly cause?: unknown;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  /** HTTP status the API answers with. */
  readonly status: number;
  readonly retryable: boolean;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = ERROR_CODES[code].status;
    this.retryable = ERROR_CODES[code].retryable;
    this.details = options.details ?? {};
  }

  /** The body every client sees; `details.next` says what to do. */
  toBody(): ErrorBody {
    return {
      source: 'stoker',
      error: {
        code: this.code,
        message: this.message,
        details: { next: ERROR_CODES[this.code].next, ...this.details },
      },
    };
  }
}

/** Any thrown value as an AppError; what is not ours becomes `internal` without leaking its text to clients. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('internal', 'Stoker met an error of its own.', { cause: error });
}
