import { describe, expect, it } from 'vitest';
import type { Held } from '../../../../engine/supervisor/custody.ts';
import type { ProbeAnswer } from '../../../../engine/supervisor/health/stats-probe.ts';
import { type LeftBehindDeps, takeOverLeftBehind } from '../../../../engine/supervisor/left-behind.ts';
import type { ProcessRecord } from '../../../../engine/supervisor/processes/orphans.ts';

const record: ProcessRecord = {
  pid: 100,
  startToken: 'token',
  nonce: 'ours',
  host: '127.0.0.1',
  port: 41_000,
  generation: 4,
  enginePid: 1,
  launchedAt: 1_000_000,
  withoutCustomNodes: false,
};

interface Scene {
  readonly owner?: 'ours' | 'gone' | 'stranger';
  readonly answer?: ProbeAnswer;
  readonly now?: number;
  readonly promptRunning?: boolean;
  /** Processor time by the number of the look. */
  readonly cpu?: (look: number) => number | null;
  readonly successor?: number;
}

async function recover(scene: Scene) {
  const calls: string[] = [];
  let monotonic = 0;
  let looks = 0;
  const held = (pid: number) =>
    ({ process: { pid }, host: record.host, port: record.port, launchedAt: record.launchedAt }) as Held;
  const successor = {
    pid: scene.successor ?? 0,
    parentPid: 1,
    groupId: 1,
    startToken: 'next',
    command: '--port 41000',
  };
  const deps: LeftBehindDeps = {
    records: {
      read: () => record,
      write: () => undefined,
      clear: () => void calls.push('clear'),
      judge: async () => scene.owner ?? 'ours',
    },
    table: {
      list: async () => (scene.successor === undefined ? [] : [successor]),
      environmentOf: async () => 'ours',
      listenerOf: async () => null,
    },
    tree: {
      end: async (pid) => {
        calls.push(`end tree of ${pid}`);
        return [];
      },
    },
    custody: {
      takeOver: ({ pid }) => {
        calls.push(`take over ${pid}`);
        return held(pid);
      },
      end: async () => {
        calls.push('end');
        return [];
      },
      letGo: () => void calls.push('let go'),
      endUnrecorded: async () => undefined,
    },
    probe: async () => scene.answer ?? { kind: 'answered', status: 200, argv: null },
    clock: { now: () => scene.now ?? 1_010_000, monotonic: () => monotonic },
    wait: async (delayMs) => {
      monotonic += delayMs;
    },
    startTimeoutMs: 120_000,
    stopGraceMs: 10_000,
    life: {
      isPromptRunning: () => scene.promptRunning ?? false,
      cpuSeconds: async () => (scene.cpu ?? (() => 1))(looks++),
      lastLine: () => 0,
    },
  };
  const taken = await takeOverLeftBehind(deps);
  return { calls, taken, waitedMs: monotonic };
}

describe('what an earlier engine left', () => {
  it('is taken over when it answers, with its generation', async () => {
    const { calls, taken } = await recover({});
    expect(calls).toEqual(['take over 100']);
    expect(taken).toMatchObject({ generation: 4, condition: { kind: 'running' } });
  });

  it('is given the rest of its start limit when it does not listen yet', async () => {
    const { taken } = await recover({ answer: { kind: 'refused' }, now: record.launchedAt + 100_000 });
    expect(taken?.condition).toEqual({ kind: 'starting', limitMs: 20_000 });
  });

  it('is given a moment when its start limit is long over: it may be restarting itself', async () => {
    const { taken } = await recover({ answer: { kind: 'refused' }, now: record.launchedAt + 3_600_000 });
    expect(taken?.condition).toEqual({ kind: 'starting', limitMs: 5_000 });
  });

  it('is never ended in the middle of a prompt, however silent', async () => {
    const { calls, taken } = await recover({ answer: { kind: 'silent' }, promptRunning: true });
    expect([calls, taken?.condition]).toEqual([['take over 100'], { kind: 'running' }]);
  });

  it('is taken over when it is silent and works', async () => {
    const { taken } = await recover({ answer: { kind: 'silent' }, cpu: (look) => 10 + look * 5 });
    expect(taken?.condition).toEqual({ kind: 'running' });
  });

  it('is ended when it answers nothing and does nothing, after as long as a running one would be', async () => {
    const { calls, taken, waitedMs } = await recover({ answer: { kind: 'silent' } });
    expect([calls, taken]).toEqual([['take over 100', 'end', 'let go'], null]);
    expect(waitedMs).toBe(15_000);
  });

  it('is not touched when it is not proven ours', async () => {
    const { calls, taken } = await recover({ owner: 'stranger' });
    expect([calls, taken]).toEqual([['clear'], null]);
  });

  it('is followed to the process that took its place', async () => {
    const { calls, taken } = await recover({ owner: 'gone', successor: 200 });
    expect(calls).toEqual(['take over 200']);
    expect(taken?.held.process.pid).toBe(200);
  });

  it('that outlived it is ended when it is gone itself', async () => {
    const { calls, taken } = await recover({ owner: 'gone' });
    expect([calls, taken]).toEqual([['end tree of 100', 'clear'], null]);
  });
});
