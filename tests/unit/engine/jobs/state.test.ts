import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_STATES, type JobError, type JobState, JobStateSchema, RUN_PHASES } from '../../../../contract/jobs.ts';
import { JOB_MIGRATIONS } from '../../../../engine/jobs/schema.ts';
import { type JobEvent, transition } from '../../../../engine/jobs/state.ts';

const NOW = 5_000;
const error: JobError = { code: 'internal', message: 'It broke.', next: 'Read the log.' };
const rules = { maxAttempts: 2 };

const queued: JobState = { kind: 'queued', runAt: 1_000, attempt: 1 };
const submitting: JobState = {
  kind: 'running',
  target: 'local',
  remoteId: null,
  phase: 'submitting',
  since: 2_000,
  attempt: 1,
};
const executing: JobState = { ...submitting, remoteId: 'r-1', phase: 'executing' };
const cancelling: JobState = { ...executing, phase: 'cancelling' };
const secondTry: JobState = { ...executing, attempt: 2 };
const completed: JobState = { kind: 'completed', target: 'local', endedAt: 4_000 };
const failed: JobState = { kind: 'failed', error, endedAt: 4_000, attempt: 2 };
const cancelled: JobState = { kind: 'cancelled', endedAt: 4_000 };

const STATES: Readonly<Record<string, JobState>> = {
  queued,
  'running (submitting)': submitting,
  'running (executing)': executing,
  'running (executing, last attempt)': secondTry,
  'running (cancelling)': cancelling,
  completed,
  failed,
  cancelled,
};
const EVENTS: Readonly<Record<string, JobEvent>> = {
  claimed: { kind: 'claimed', target: 'local' },
  accepted: { kind: 'accepted', remoteId: 'r-1' },
  advanced: { kind: 'advanced', phase: 'fetching' },
  returned: { kind: 'returned', runAt: 9_000 },
  completed: { kind: 'completed' },
  'failed (final)': { kind: 'failed', error, again: null },
  'failed (may be tried again)': { kind: 'failed', error, again: { runAt: 9_000 } },
  cancelWanted: { kind: 'cancelWanted' },
  cancelled: { kind: 'cancelled' },
  retryWanted: { kind: 'retryWanted' },
};

const told = (state: JobState): string => {
  switch (state.kind) {
    case 'queued':
      return `queued (attempt ${state.attempt})`;
    case 'running':
      return `running (${state.phase})`;
    default:
      return state.kind;
  }
};

describe('the table of docs/state-machines.md', () => {
  const document = readFileSync(resolve(import.meta.dirname, '../../../../docs/state-machines.md'), 'utf8');
  const section = document.slice(document.indexOf('## Job:')).split(/\n(?=## )/)[0] ?? '';
  const drawn = [...section.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)]
    .map(([, from = '', event = '', to = '']) => [from, event, to].map((cell) => cell.trim()).join(' > '))
    .filter((line) => Object.keys(STATES).some((name) => line.startsWith(`${name} > `)));

  it('holds every transition of the code, and no other', () => {
    const done = Object.entries(STATES).flatMap(([from, state]) =>
      Object.entries(EVENTS).flatMap(([name, event]) => {
        const next = transition(state, event, rules, NOW);
        return next === null ? [] : [`${from} > ${name} > ${told(next)}`];
      }),
    );
    expect(drawn).toEqual(done);
  });
});

describe('what a person relies on', () => {
  it('keeps the attempt of a job that came back unstarted, and counts one that ran', () => {
    expect(transition(submitting, { kind: 'returned', runAt: 9 }, rules, NOW)).toEqual({
      kind: 'queued',
      runAt: 9,
      attempt: 1,
    });
    expect(transition(executing, { kind: 'failed', error, again: { runAt: 9 } }, rules, NOW)).toEqual({
      kind: 'queued',
      runAt: 9,
      attempt: 2,
    });
  });

  it('completes what was done although a cancel was on its way: it is paid', () => {
    expect(transition(cancelling, { kind: 'completed' }, rules, NOW)?.kind).toBe('completed');
  });

  it('a cancelled job never goes back to the queue by itself', () => {
    for (const event of Object.values(EVENTS)) {
      expect(transition(cancelling, event, rules, NOW)?.kind ?? 'running').not.toBe('queued');
    }
  });

  it('stays within its schema and its attempts, and leaves the end only by a retry (any events)', () => {
    const event: fc.Arbitrary<JobEvent> = fc.oneof(
      fc.constantFrom(...Object.values(EVENTS)),
      fc.constantFrom(...RUN_PHASES.filter((phase) => phase !== 'submitting')).map((phase) => ({
        kind: 'advanced' as const,
        phase,
      })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state: JobState = queued;
        for (const [index, each] of events.entries()) {
          const next = transition(state, each, rules, NOW + index);
          if (next === null) continue;
          JobStateSchema.parse(next);
          const ended = state.kind !== 'queued' && state.kind !== 'running';
          if (ended) expect(each.kind).toBe('retryWanted');
          if (next.kind === 'queued' || next.kind === 'running') expect(next.attempt).toBeLessThanOrEqual(2);
          if (state.kind === 'running' && state.remoteId !== null && next.kind === 'running') {
            expect(next.remoteId).toBe(state.remoteId);
          }
          state = next;
        }
      }),
    );
  });

  it('SQLite checks the same names', () => {
    const sql = JOB_MIGRATIONS[0]?.sql ?? '';
    expect(sql).toContain(`state IN (${JOB_STATES.map((name) => `'${name}'`).join(', ')})`);
    expect(sql).toContain(`phase IN (${RUN_PHASES.map((name) => `'${name}'`).join(', ')})`);
  });
});
