/** Why a job failed, with what to do next from the table of errors. */
import { ERROR_CODES, type ErrorCode } from '../../contract/errors.ts';
import type { JobError } from '../../contract/jobs.ts';

export const jobError = (code: ErrorCode, message: string): JobError => ({
  code,
  message,
  next: ERROR_CODES[code].next,
});
