/** Refusals in words with what to do next. */
import { expect, it } from 'vitest';
import { troubleOf } from '../../../../../engine/comfyui/extension/stoker-api.ts';
import { AppError } from '../../../../../engine/platform/app-error.ts';

const words = ({ message, next, status }: ReturnType<typeof troubleOf>) => [message, next, status];

it('what Stoker says is told with its next step and the fields it names', () => {
  const error = new AppError('invalid_request', 'Not valid.', {
    details: { fields: { workflow: 'The workflow has no nodes.' } },
  });
  expect(words(troubleOf(400, error.toBody()))).toEqual([
    'Not valid. workflow: The workflow has no nodes.',
    'Correct the named field.',
    400,
  ]);
});

it.each([null, 'text', {}, { error: null }, { error: { message: 1 } }])('%j is told by its status', (answer) => {
  expect(words(troubleOf(502, answer))[0]).toBe('Stoker answered with status 502.');
});
