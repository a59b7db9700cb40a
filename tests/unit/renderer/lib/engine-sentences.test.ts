/** In English the engine's own sentences are shown; German is proved in the browser, where the language is chosen. */
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../../../contract/errors.ts';
import { courtesyReason, errorText, reasonOf } from '../../../../renderer/lib/engine-sentences.ts';
import * as fixtures from '../../../support/dashboard-fixtures.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

test('the reason of a state is the engine’s', () => {
  for (const status of [fixtures.asleep(now), fixtures.waking(now), fixtures.working(now), fixtures.failed(now)]) {
    expect(reasonOf(status)).toBe(status.reason);
  }
});

test('while the card is lent, the reason says to whom', () => {
  expect(reasonOf(fixtures.lent(now))).toBe('ollama has the card: llama3:70b answers a question.');
  expect(courtesyReason(fixtures.asleep(now).courtesy)).toBeNull();
});

test('an error keeps its message; what to do comes from the answer, else from the table', () => {
  const { next } = ERROR_CODES.not_running;
  expect(errorText('not_running', 'It sleeps.')).toEqual({ message: 'It sleeps.', detail: null, next });
  expect(errorText('not_running', 'It sleeps.', 'Wake it.')).toMatchObject({ next: 'Wake it.' });
});

test('a code of a newer engine is shown as it comes, without advice', () => {
  expect(errorText('from_the_future', 'Odd.')).toEqual({ message: 'Odd.', detail: null, next: null });
});
