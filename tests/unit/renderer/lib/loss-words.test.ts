import { expect, test } from 'vitest';
import { lossWords } from '../../../../renderer/lib/loss-words.ts';

const at = new Date(2026, 10, 21, 14, 32).getTime();
const waiting = { kind: 'waiting', attempt: 2, lastHeardAt: at, retryAt: at, problem: 'closed' } as const;

test.each([
  ['the first moment of connecting', { kind: 'connecting', attempt: 1, since: at, lastHeardAt: null }, null],
  ['connected', { kind: 'open', lastHeardAt: at }, null],
  ['a token is wanted: its own page says so', { kind: 'locked' }, null],
  ['never answered', { ...waiting, lastHeardAt: null }, /^Stoker does not answer/],
  ['cut', waiting, /^Lost contact with Stoker. What you see is from .*32/],
  ['hung', { ...waiting, problem: 'silent' }, /^Stoker went silent/],
  ['another program on its port', { ...waiting, problem: 'broken' }, /^Something else answers/],
  ['trying again', { kind: 'connecting', attempt: 3, since: at, lastHeardAt: at }, /^Lost contact/],
] as const)('%s', (_name, state, shown) => {
  if (shown === null) expect(lossWords(state)).toBeNull();
  else expect(lossWords(state)).toMatch(shown);
});
