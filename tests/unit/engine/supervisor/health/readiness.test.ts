import { describe, expect, it } from 'vitest';
import { awaitReadiness, isReady } from '../../../../../engine/supervisor/health/readiness.ts';
import type { ProbeAnswer } from '../../../../../engine/supervisor/health/stats-probe.ts';
import type { ProcessInfo } from '../../../../../engine/supervisor/processes/process-table.ts';
import { createManualClock } from '../../../../support/manual-clock.ts';

const answered: ProbeAnswer = { kind: 'answered', status: 200, argv: ['main.py', '--port', '9000'] };
const listener = (pid: number): ProcessInfo => ({
  pid,
  parentPid: 1,
  groupId: pid,
  startToken: 't',
  command: 'python',
});

const ready = (
  answer: ProbeAnswer,
  over: { gui?: boolean; listens?: ProcessInfo | null; ours?: boolean } = {},
): Promise<boolean> =>
  isReady(
    answer,
    { port: 9000, guiLineSeen: () => over.gui ?? false, isOurs: async () => over.ours ?? false },
    { table: { listenerOf: async () => over.listens ?? null } },
  );

describe('isReady', () => {
  it('believes an answer once ComfyUI has printed that it listens', async () => {
    expect(await ready({ kind: 'answered', status: 200, argv: null }, { gui: true })).toBe(true);
  });

  it('does not believe the line alone', async () => {
    expect(await ready({ kind: 'refused' }, { gui: true })).toBe(false);
    expect(await ready({ kind: 'silent' }, { gui: true })).toBe(false);
  });

  it('takes a login page in front of ComfyUI for ready, an error of the server not', async () => {
    expect(await ready({ kind: 'answered', status: 401, argv: null }, { gui: true })).toBe(true);
    expect(await ready({ kind: 'answered', status: 500, argv: null }, { gui: true })).toBe(false);
  });

  it('asks who listens when no line was printed, and refuses an orphan that answers', async () => {
    expect(await ready(answered, { listens: listener(42), ours: true })).toBe(true);
    expect(await ready(answered, { listens: listener(66), ours: false })).toBe(false);
  });

  it('believes the command line of who answers only where the listener cannot be seen', async () => {
    const argv = (...words: string[]): ProbeAnswer => ({ kind: 'answered', status: 200, argv: words });
    expect(await ready(answered)).toBe(true);
    expect(await ready(argv('main.py', '--port=9000'))).toBe(true);
    expect(await ready(argv('main.py', '--port', '8188'))).toBe(false);
    expect(await ready({ kind: 'answered', status: 200, argv: null })).toBe(false);
  });
});

describe('awaitReadiness', () => {
  function wait(answers: (at: number) => ProbeAnswer, limitMs = 120_000, listens: ProcessInfo | null = null) {
    const clock = createManualClock();
    const startedAt = clock.monotonic();
    let asked = 0;
    let outcome: unknown = null;
    const readiness = awaitReadiness(
      { host: '127.0.0.1', port: 9000, limitMs, guiLineSeen: () => false, isOurs: async (pid) => pid === 42 },
      {
        clock,
        table: { listenerOf: async () => listens },
        probe: async () => {
          asked += 1;
          return answers(clock.monotonic() - startedAt);
        },
      },
    );
    void readiness.outcome.then((value) => {
      outcome = value;
    });
    return { clock, readiness, outcome: () => outcome, asked: () => asked };
  }

  it('is over less than 100 ms after ComfyUI answers first', async () => {
    const { clock, outcome } = wait((at) => (at < 12_340 ? { kind: 'refused' } : answered));
    await clock.advance(12_339);
    expect(outcome()).toBeNull();
    await clock.advance(100);
    expect(outcome()).toEqual({ kind: 'ready' });
  });

  it('ends at the limit', async () => {
    const { clock, outcome } = wait(() => ({ kind: 'refused' }), 5_000);
    await clock.advance(5_100);
    expect(outcome()).toEqual({ kind: 'limitReached', strangerAnswers: false });
  });

  it('says at the limit that somebody else answered, and did not ask twenty times a second who', async () => {
    const { clock, outcome, asked } = wait(() => answered, 5_000, listener(66));
    await clock.advance(5_600);
    expect(outcome()).toEqual({ kind: 'limitReached', strangerAnswers: true });
    expect(asked()).toBeLessThan(15);
  });

  it('ends when it is stopped', async () => {
    const { clock, readiness, outcome, asked } = wait(() => ({ kind: 'refused' }));
    await clock.advance(1_000);
    readiness.stop();
    await clock.advance(0);
    const before = asked();
    await clock.advance(10_000);
    expect([outcome(), asked()]).toEqual([{ kind: 'stopped' }, before]);
  });

  it('asks at once when told to', async () => {
    const { clock, readiness, asked } = wait(() => ({ kind: 'refused' }));
    await clock.advance(10);
    const before = asked();
    readiness.askNow();
    await clock.advance(0);
    expect(asked()).toBe(before + 1);
  });
});
