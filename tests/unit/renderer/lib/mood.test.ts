import { describe, expect, test } from 'vitest';
import type { Status } from '../../../../contract/status.ts';
import { actionsFor, moodOf } from '../../../../renderer/lib/mood.ts';
import * as fixtures from '../../../support/dashboard-fixtures.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('the mood', () => {
  test.each<[string, Status]>([
    ['asleep', fixtures.asleep(now)],
    ['waking', fixtures.waking(now)],
    ['ready', fixtures.ready(now)],
    ['working', fixtures.working(now)],
    ['stopping', fixtures.stopping(now)],
    ['backingOff', fixtures.backingOff(now)],
    ['failed', fixtures.failed(now)],
    ['unconfigured', fixtures.unconfigured(now)],
    ['lent', fixtures.paused(now)],
    ['lent', fixtures.lent(now)],
    ['working', fixtures.draining(now)],
  ])('%s', (mood, status) => expect(moodOf(status)).toBe(mood));

  test('the card can be taken back as soon as somebody asked for it', () => {
    expect(actionsFor(fixtures.lent(now)).primary).toBe('resume');
    expect(actionsFor(fixtures.draining(now)).beside).toEqual(['resume']);
    expect(actionsFor(fixtures.ready(now)).more).toContain('pause');
  });

  test('waiting prompts alone are work too', () => {
    const { queue } = fixtures.ready(now);
    expect(moodOf(fixtures.ready(now, { queue: { ...queue, pending: 1 } }))).toBe('working');
  });

  test('a start that failed for want of a ComfyUI asks where it is', () => {
    const { error } = fixtures.failed(now);
    if (error === null) throw new Error('the fixture has no error');
    const status = { ...fixtures.failed(now), error: { ...error, code: 'not_configured' } };
    expect(moodOf(status)).toBe('unconfigured');
  });
});

describe('the actions', () => {
  test.each<[string, Status, string | null]>([
    ['asleep', fixtures.asleep(now), 'start'],
    ['waking', fixtures.waking(now), 'cancelStart'],
    ['ready', fixtures.ready(now), 'sleep'],
    ['working', fixtures.working(now), 'sleep'],
    ['stopping', fixtures.stopping(now), null],
    ['backing off', fixtures.backingOff(now), 'tryNow'],
    ['failed', fixtures.failed(now), 'tryAgain'],
    ['unconfigured', fixtures.unconfigured(now), null],
  ])('%s: the primary one', (_name, status, primary) => expect(actionsFor(status).primary).toBe(primary));

  test('starting without custom nodes is offered when the failure points at one', () => {
    expect(actionsFor(fixtures.failed(now)).beside).toEqual(['startWithoutCustomNodes']);
    expect(actionsFor(fixtures.backingOff(now)).beside).toEqual(['stopTrying']);
  });
});
