import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IdleStatus } from '../../../../contract/status.ts';
import { idleOutlook, tomorrowMorning } from '../../../../renderer/lib/idle-outlook.ts';
import * as fixtures from '../../../support/dashboard-fixtures.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const iso = (seconds: number) => new Date(now + seconds * 1000).toISOString();
const idle = (changes: Partial<IdleStatus>): IdleStatus => ({
  ...fixtures.ready(now).idle,
  freesAt: null,
  stopsAt: null,
  ...changes,
});

describe('the outlook', () => {
  test('counts down to both steps', () => {
    expect(idleOutlook(idle({ freesAt: iso(60), stopsAt: iso(150) }), now)).toEqual({
      kind: 'countdown',
      sleepsInSeconds: 150,
      fractionLeft: 0.5,
      freesInSeconds: 60,
      freed: false,
    });
  });

  test('freed memory is not announced again', () => {
    const outlook = idleOutlook(idle({ freesAt: iso(-5), stopsAt: iso(100), freed: true }), now);
    expect(outlook).toMatchObject({ kind: 'countdown', freesInSeconds: null, freed: true });
  });

  test('work outranks keep-awake', () => {
    const outlook = idleOutlook(idle({ blockedBy: ['running', 'keepAwake'], keepAwakeUntil: iso(600) }), now);
    expect(outlook).toEqual({ kind: 'blocked', by: ['running'], thenSleeps: false });
  });

  test('kept awake', () => {
    const outlook = idleOutlook(idle({ blockedBy: ['keepAwake'], keepAwakeUntil: iso(600) }), now);
    expect(outlook).toEqual({ kind: 'keptAwake', untilMs: now + 600_000 });
  });

  test('idle stop is off', () => expect(idleOutlook(idle({ timeoutSeconds: 0 }), now)).toEqual({ kind: 'never' }));

  test('a countdown that is over stands at zero, never below', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 5000 }), (seconds) => {
        const outlook = idleOutlook(idle({ stopsAt: iso(seconds) }), now);
        if (outlook.kind !== 'countdown') throw new Error('no countdown');
        expect(outlook.sleepsInSeconds).toBeGreaterThanOrEqual(0);
        expect(outlook.fractionLeft).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('until tomorrow morning', () => {
  const hours = (from: Date) => (tomorrowMorning(from.getTime()) - from.getTime()) / 3_600_000;

  test('pressed in the evening', () => expect(hours(new Date(2026, 10, 21, 22, 0))).toBe(9));
  test('pressed at two at night it is the morning that comes', () =>
    expect(hours(new Date(2026, 10, 22, 2, 0))).toBe(5));
  test('pressed in the morning it is the next one', () => expect(hours(new Date(2026, 10, 21, 8, 0))).toBe(23));
});
