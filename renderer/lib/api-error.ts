/** What went wrong with a call to the engine, in words for a person: Stoker's own error body, or why there was none. */
import { z } from 'zod';

const ErrorBodySchema = z.object({
  source: z.literal('stoker'),
  error: z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) }),
});

export type ApiProblemKind = 'stoker' | 'unreachable' | 'unexpected';

export class ApiError extends Error {
  readonly kind: ApiProblemKind;
  /** One of contract/errors.ts when Stoker said it. */
  readonly code: string;
  /** What to do next; null when Stoker did not say. */
  readonly next: string | null;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    kind: ApiProblemKind,
    code: string,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ApiError';
    this.kind = kind;
    this.code = code;
    this.next = typeof details.next === 'string' ? details.next : null;
    this.details = details;
  }
}

/** The error a failed answer carries; null when its body is not Stoker's (a proxy in between, another program on the port). */
export function apiErrorFromBody(body: unknown): ApiError | null {
  const parsed = ErrorBodySchema.safeParse(body);
  if (!parsed.success) return null;
  const { code, message, details } = parsed.data.error;
  return new ApiError('stoker', code, message, details);
}

/** Messages by dotted settings key or body field, as `invalid_settings` and `invalid_request` carry them. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiError)) return {};
  const { fields } = error.details;
  if (typeof fields !== 'object' || fields === null) return {};
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
