import { describe, expect, it } from 'vitest';
import { NO_JOBS } from '../../../../contract/status.ts';
import { createAttendance } from '../../../../engine/idle/attendance.ts';
import { type AttendanceFacts, followAttendance } from '../../../../engine/idle/attendance-policy.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

const MINUTE_MS = 60_000;
const gateway = { url: '', heldRequests: 0, sockets: 0 };
const alone = {
  status: { state: 'stopped', gateway, jobs: NO_JOBS },
  streams: 0,
  requests: 0,
} as const satisfies AttendanceFacts;

describe('an engine is attended', () => {
  const cases: readonly (readonly [string, AttendanceFacts])[] = [
    ['while somebody listens on its event stream', { ...alone, streams: 1 }],
    ['when a request came', { ...alone, requests: 1 }],
    ['while a WebSocket is open', { ...alone, status: { ...alone.status, gateway: { ...gateway, sockets: 1 } } }],
    ['while a request is held', { ...alone, status: { ...alone.status, gateway: { ...gateway, heldRequests: 1 } } }],
    [
      'while a job runs, which an endpoint may have',
      { ...alone, status: { ...alone.status, jobs: { ...NO_JOBS, running: 1 } } },
    ],
    [
      'while a job waits, as a prompt does that is kept until the card is back',
      { ...alone, status: { ...alone.status, jobs: { ...NO_JOBS, waiting: 1 } } },
    ],
    ...(['starting', 'running', 'stopping', 'backingOff'] as const).map(
      (state) => [`while ComfyUI is ${state}`, { ...alone, status: { ...alone.status, state } }] as const,
    ),
  ];
  it.each(cases)('%s', (_words, facts) => {
    expect(followAttendance(5, facts, 10)).toBeNull();
  });

  it.each(['stopped', 'failed'] as const)(
    'by nobody else while ComfyUI is %s: since the first look that found it so',
    (state) => {
      const facts = { ...alone, status: { ...alone.status, state } };
      expect(followAttendance(null, facts, 10)).toBe(10);
      expect(followAttendance(10, facts, 20)).toBe(10);
    },
  );
});

describe('the end of an engine that nobody uses', () => {
  function watch() {
    const clock = createManualClock();
    const facts = { ...alone, streams: 0 };
    let ends = 0;
    const attendance = createAttendance({ clock, facts: () => facts, end: () => (ends += 1) });
    return { clock, facts, attendance, ends: () => ends };
  }

  it('comes after a quarter of an hour, once', async () => {
    const { clock, ends } = watch();
    await clock.advance(15 * MINUTE_MS);
    expect(ends()).toBe(0);
    await clock.advance(MINUTE_MS);
    expect(ends()).toBe(1);
    await clock.advance(60 * MINUTE_MS);
    expect(ends()).toBe(1);
  });

  it('is put off by a single request', async () => {
    const { clock, attendance, ends } = watch();
    await clock.advance(14 * MINUTE_MS);
    attendance.touch();
    await clock.advance(15 * MINUTE_MS);
    expect(ends()).toBe(0);
    await clock.advance(2 * MINUTE_MS);
    expect(ends()).toBe(1);
  });

  it('never comes while a shell listens', async () => {
    const { clock, facts, ends } = watch();
    facts.streams = 1;
    await clock.advance(600 * MINUTE_MS);
    expect(ends()).toBe(0);
  });

  it('does not come after the engine was closed', async () => {
    const { clock, attendance, ends } = watch();
    attendance.close();
    await clock.advance(60 * MINUTE_MS);
    expect(ends()).toBe(0);
  });
});
