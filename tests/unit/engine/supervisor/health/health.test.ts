import { describe, expect, it } from 'vitest';
import { watchHealth } from '../../../../../engine/supervisor/health/health.ts';
import type { ProbeAnswer } from '../../../../../engine/supervisor/health/stats-probe.ts';
import { createManualClock } from '../../../../support/manual-clock.ts';

const answered: ProbeAnswer = { kind: 'answered', status: 200, argv: null };

/** `answers(at)`: what a check that begins `at` milliseconds after the start is told; silence takes five seconds. */
function watch(
  answers: (at: number) => ProbeAnswer,
  over: { busy?: boolean; cpu?: () => Promise<number | null> } = {},
) {
  const clock = createManualClock();
  const startedAt = clock.monotonic();
  const elapsed = () => clock.monotonic() - startedAt;
  const told: string[] = [];
  const checks: number[] = [];
  const health = watchHealth({
    host: '127.0.0.1',
    port: 9000,
    clock,
    probe: (_target, { timeoutMs }) => {
      checks.push(elapsed());
      const answer = answers(elapsed());
      if (answer.kind !== 'silent') return Promise.resolve(answer);
      return new Promise((resolve) => {
        clock.after(timeoutMs, () => resolve(answer));
      });
    },
    isBusy: () => over.busy ?? false,
    cpuSeconds: over.cpu ?? (() => Promise.resolve(1)),
    lastLine: () => 0,
    onHung: (silentForMs) => told.push(`hung after ${silentForMs} at ${elapsed()}`),
    onServerGone: () => told.push(`gone at ${elapsed()}`),
  });
  return { clock, told, checks, health };
}

describe('the health watch', () => {
  it('asks every five seconds, and tells nothing while all is well', async () => {
    const { clock, told, checks } = watch(() => answered);
    await clock.advance(21_000);
    expect([checks, told]).toEqual([[5_000, 10_000, 15_000, 20_000], []]);
  });

  it('finds out within 30 s that an idle one hangs, and tells it once', async () => {
    const { clock, told, checks } = watch((at) => (at <= 5_000 ? answered : { kind: 'silent' }));
    // It freezes right after the check at 5 s.
    await clock.advance(120_000);
    expect(told).toEqual(['hung after 20000 at 30000']);
    expect(checks.at(-1)).toBe(25_000);
  });

  it('begins to count anew when it answers in between', async () => {
    const { clock, told } = watch((at) => (at === 20_000 ? answered : { kind: 'silent' }));
    await clock.advance(39_000);
    expect(told).toEqual([]);
  });

  it('spares a busy one', async () => {
    const { clock, told } = watch(() => ({ kind: 'silent' }), { busy: true });
    await clock.advance(10 * 60_000);
    expect(told).toEqual([]);
  });

  it('goes on when the process table fails', async () => {
    const { clock, told } = watch(() => ({ kind: 'silent' }), { cpu: () => Promise.reject(new Error('no table')) });
    await clock.advance(60_000);
    expect(told).toEqual(['hung after 20000 at 25000']);
  });

  it('tells that the server is gone when the port refuses twice', async () => {
    const { clock, told } = watch(() => ({ kind: 'refused' }));
    await clock.advance(60_000);
    expect(told).toEqual(['gone at 5500']);
  });

  it('does not tell so for one refusal: the exit of a process that was killed is on its way', async () => {
    const { clock, told } = watch((at) => (at === 5_000 ? { kind: 'refused' } : answered));
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });

  it('looks at once when something points to a restart', async () => {
    const { clock, told, health } = watch(() => ({ kind: 'refused' }));
    health.checkNow();
    await clock.advance(600);
    expect(told).toEqual(['gone at 500']);
  });

  it('is over when it is stopped', async () => {
    const { clock, told, checks, health } = watch(() => ({ kind: 'silent' }));
    await clock.advance(7_000);
    health.stop();
    await clock.advance(60_000);
    expect([checks, told]).toEqual([[5_000], []]);
  });
});
