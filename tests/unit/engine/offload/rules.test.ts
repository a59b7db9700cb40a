import { describe, expect, it } from 'vitest';
import type { OffloadRule } from '../../../../contract/offload.ts';
import { goesElsewhere, type Occasion, offer, offloadTarget } from '../../../../engine/offload/rules.ts';

const wishes = (offload: OffloadRule, offloadLongerThan = 3, target: string | null = null) => ({
  offload,
  offloadLongerThan,
  offloadTarget: target,
});

describe('which jobs go elsewhere unasked', () => {
  it.each<[OffloadRule, boolean, boolean, boolean]>([
    // rule, next in line, the fourth, one that ran out of memory here
    ['never', false, false, false],
    ['ask', false, false, false],
    ['queueLonger', false, true, false],
    ['vramTooSmall', false, false, true],
    ['always', true, true, true],
  ])('%s', (rule, next, fourth, tooLarge) => {
    expect([
      goesElsewhere(wishes(rule), { ahead: 0, isTooLarge: false }),
      goesElsewhere(wishes(rule), { ahead: 3, isTooLarge: false }),
      goesElsewhere(wishes(rule), { ahead: 0, isTooLarge: true }),
    ]).toEqual([next, fourth, tooLarge]);
  });

  it('as many as the setting says stay', () => {
    const stays = [0, 1, 2, 3, 4].filter(
      (ahead) => !goesElsewhere(wishes('queueLonger', 3), { ahead, isTooLarge: false }),
    );
    expect(stays).toEqual([0, 1, 2]);
  });
});

describe('where they go', () => {
  it.each<[string | null, string[], string | null]>([
    [null, [], null],
    [null, ['pod'], 'pod'],
    [null, ['pod', 'farm'], null],
    ['farm', ['pod', 'farm'], 'farm'],
    ['gone', ['pod'], null],
  ])('wanted %s of %j: %s', (wanted, names, expected) => {
    expect(offloadTarget(wishes('always', 3, wanted), names)).toBe(expected);
  });
});

describe('when it is offered', () => {
  const offered = (lengths: readonly number[], rule: OffloadRule = 'ask'): number[] => {
    let occasion: Occasion = 'none';
    return lengths.filter((waiting) => {
      const step = offer(wishes(rule), waiting, occasion);
      occasion = step.occasion;
      return step.offers;
    });
  };

  it('once, however long the queue grows, and again after it was empty', () => {
    expect(offered([1, 3, 4, 5, 3, 9, 2, 0, 4])).toEqual([4, 4]);
  });

  it('never under another rule', () => {
    expect(offered([9, 9], 'never')).toEqual([]);
    expect(offered([9, 9], 'always')).toEqual([]);
  });
});
