import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../../../contract/errors.ts';
import { outcomeOf } from '../../../../renderer/lib/action-outcome.ts';
import { ApiError, apiErrorFromBody, fieldErrors } from '../../../../renderer/lib/api-error.ts';

const refusal = (code: ErrorCode, details: Record<string, unknown> = {}) =>
  apiErrorFromBody({ source: 'stoker', error: { code, message: 'what happened', details } });

describe('what a refused action does', () => {
  test('work that would be lost is asked about', () => {
    expect(outcomeOf(refusal('work_in_progress'))).toEqual({ kind: 'ask', message: 'what happened' });
  });

  test('a start that failed is shown as the state, not a second time', () => {
    expect(outcomeOf(refusal('exited_early'))).toEqual({ kind: 'quiet' });
  });

  test('a start that was cancelled is no problem', () => {
    expect(outcomeOf(refusal('start_cancelled'))).toEqual({ kind: 'quiet' });
  });

  test('anything else is said, with the next step', () => {
    const error = refusal('not_running', { next: ERROR_CODES.not_running.next });
    expect(outcomeOf(error)).toEqual({ kind: 'tell', error });
    expect(error?.next).toBe('Start ComfyUI first.');
  });

  test('a broken promise of the page itself is said too', () => {
    expect(outcomeOf(new TypeError('x is not a function'))).toMatchObject({ kind: 'tell' });
  });
});

describe('the error body', () => {
  test.each([
    null,
    'text',
    { error: 'comfyui' },
    { source: 'comfyui', error: { code: 'a', message: 'b', details: {} } },
  ])('%j is not Stoker’s', (body) => expect(apiErrorFromBody(body)).toBeNull());

  test('names the fields that are wrong', () => {
    const error = refusal('invalid_settings', {
      fields: { 'idle.stopAfterSeconds': 'must be a whole number', odd: 3 },
    });
    expect(fieldErrors(error)).toEqual({ 'idle.stopAfterSeconds': 'must be a whole number' });
    expect(fieldErrors(new ApiError('unreachable', 'unreachable', 'gone'))).toEqual({});
    expect(fieldErrors(new Error('other'))).toEqual({});
  });
});
