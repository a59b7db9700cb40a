import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  judgeSilence,
  LONGEST_SPARING_MS,
  QUIET_CHECKS_TO_HANG,
  type Silence,
  type SilentCheck,
} from '../../../../../engine/supervisor/health/hang-policy.ts';

const EVERY_MS = 5_000;
const frozen: Omit<SilentCheck, 'at'> = { busy: false, cpuSeconds: 10, lastLine: 7 };

/** The number of the check that finds it hung, counted from 1; null when none of `count` does. */
function hungAt(checks: (number: number) => Omit<SilentCheck, 'at'>, count = 400): number | null {
  let silence: Silence | null = null;
  for (let number = 1; number <= count; number += 1) {
    const judged = judgeSilence(silence, { ...checks(number), at: number * EVERY_MS });
    if (judged.verdict === 'hung') return number;
    silence = judged.silence;
  }
  return null;
}

const SPARED_CHECKS = LONGEST_SPARING_MS / EVERY_MS;

describe('judgeSilence', () => {
  it('finds an idle process without any sign hung at the fourth check, less than 30 s after it froze', () => {
    expect(hungAt(() => frozen)).toBe(QUIET_CHECKS_TO_HANG);
    // The first check begins at most 5 s after, and each waits 5 s for an answer.
    expect((1 + QUIET_CHECKS_TO_HANG) * EVERY_MS).toBeLessThan(30_000);
  });

  it('finds it hung when the system tells nothing of its processor time', () => {
    expect(hungAt(() => ({ ...frozen, cpuSeconds: null }))).toBe(QUIET_CHECKS_TO_HANG);
  });

  it('spares a busy one that shows nothing for 60 s, and gives up on it after 15 minutes', () => {
    expect(hungAt(() => ({ ...frozen, busy: true }), 12)).toBeNull();
    expect(hungAt(() => ({ ...frozen, busy: true }))).toBe(SPARED_CHECKS + 1);
  });

  it('spares a busy one for as long as it works or prints', () => {
    expect(hungAt((number) => ({ ...frozen, busy: true, cpuSeconds: number * 4 }), 1_000)).toBeNull();
    expect(hungAt((number) => ({ ...frozen, busy: true, lastLine: number }), 1_000)).toBeNull();
  });

  it('spares an idle one that works, but not for ever', () => {
    expect(hungAt((number) => ({ ...frozen, cpuSeconds: number * 4 }))).toBe(SPARED_CHECKS + 1);
  });

  it('does not take the timers of a sleeping process for work', () => {
    expect(hungAt((number) => ({ ...frozen, cpuSeconds: 10 + number * 0.05 }))).toBe(QUIET_CHECKS_TO_HANG);
  });

  it('takes the end of a process of the tree for a sign', () => {
    expect(hungAt((number) => ({ ...frozen, cpuSeconds: number < 4 ? 10 : 3 }))).toBe(4 + QUIET_CHECKS_TO_HANG);
  });

  it('never finds hung what showed a sign within the last three checks, for less than 15 minutes', () => {
    const check = fc.record({ busy: fc.boolean(), sign: fc.boolean() });
    fc.assert(
      fc.property(fc.array(check, { maxLength: 100 }), (checks) => {
        let silence: Silence | null = null;
        let lastLine = 0;
        checks.forEach(({ busy, sign }, index) => {
          if (sign) lastLine += 1;
          const judged = judgeSilence(silence, { busy, cpuSeconds: 1, lastLine, at: index * EVERY_MS });
          const signs = checks.slice(Math.max(1, index - 2), index + 1).some((each) => each.sign);
          if (signs || index < QUIET_CHECKS_TO_HANG - 1) expect(judged.verdict).toBe('spare');
          silence = judged.silence;
        });
      }),
    );
  });
});
