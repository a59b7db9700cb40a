import { describe, expect, it } from 'vitest';
import { paidTime, type SeenRun, type ToldTimes } from '../../../../engine/money/run-time.ts';

const seen: SeenRun = { waitingAt: 5000, beganAfter: null, heldAt: 1000, endedAt: 9000 };
const told: ToldTimes = { executionMs: null, delayMs: null, cancelled: true };

describe('what a run is paid for', () => {
  it.each<[string, Partial<ToldTimes>, Partial<SeenRun>, { ms: number; isGuess: boolean }]>([
    ['as RunPod tells it', { executionMs: 1234 }, { beganAfter: 2000 }, { ms: 1234, isGuess: false }],
    ['cancelled while it waited: nothing', {}, {}, { ms: 0, isGuess: false }],
    ['cancelled while it ran: since it last waited', {}, { beganAfter: 4000 }, { ms: 5000, isGuess: true }],
    ['taken between the last look and the cancel', { delayMs: 4100 }, {}, { ms: 4000, isGuess: true }],
    ['cancelled, and nobody ever looked: since it was sent', {}, { waitingAt: null }, { ms: 8000, isGuess: true }],
    ['completed between two looks', { cancelled: false }, {}, { ms: 4000, isGuess: true }],
    ['a clock that went back', {}, { beganAfter: 10_000 }, { ms: 0, isGuess: true }],
  ])('%s', (_, times, run, expected) => {
    expect(paidTime({ ...told, ...times }, { ...seen, ...run })).toEqual(expected);
  });
});
