import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../../contract/supervisor-state.ts';
import type { Life } from '../../../../engine/supervisor/state.ts';
import { createWaiters } from '../../../../engine/supervisor/waiters.ts';

const failure: Failure = {
  code: 'exited_early',
  message: 'ComfyUI ended with exit code 3.',
  exitCode: 3,
  signal: null,
  suspect: null,
  offerWithoutCustomNodes: false,
  logTail: [],
};
const shared = { since: 0, generation: 1, withoutCustomNodes: false };
const lives = {
  stopped: { kind: 'stopped', since: 0, reason: 'user' },
  starting: {
    kind: 'starting',
    ...shared,
    attempt: 1,
    reason: 'user',
    phase: 'torch',
    detail: null,
    recovering: false,
  },
  running: { kind: 'running', ...shared, pid: 42, port: 9000, reason: 'user' },
  stopping: { kind: 'stopping', ...shared, reason: 'user', deadline: 0, next: { kind: 'stopped' } },
  backingOff: { kind: 'backingOff', ...shared, attempt: 2, retryAt: 0, error: failure },
  failed: { kind: 'failed', since: 0, error: failure, processLeft: false },
  stuck: { kind: 'failed', since: 0, error: { ...failure, code: 'stop_failed' }, processLeft: true },
} satisfies Record<string, Life>;

const address = { host: '127.0.0.1', port: 9000, pid: 42, generation: 1 };
const create = () => createWaiters((life) => (life.kind === 'running' ? address : null));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: { code: string }) => error.code,
  );

describe('who waits for ComfyUI to run', () => {
  it('gets the address when it runs', async () => {
    const waiters = create();
    const waiting = waiters.forRunning();
    waiters.settle(lives.starting, lives.running);
    expect(await waiting).toEqual(address);
  });

  it.each([
    ['failed', 'exited_early'],
    ['stopped', 'start_cancelled'],
  ] as const)('is told why not when it is %s', async (kind, code) => {
    const waiters = create();
    const waiting = codeOf(waiters.forRunning());
    waiters.settle(lives.starting, lives[kind]);
    expect(await waiting).toBe(code);
  });

  it('waits through stopping and backing off', async () => {
    const waiters = create();
    const waiting = waiters.forRunning();
    for (const life of [lives.stopping, lives.backingOff, lives.starting]) waiters.settle(lives.running, life);
    waiters.settle(lives.starting, lives.running);
    expect(await waiting).toEqual(address);
  });

  it('may leave, also before it came', async () => {
    const waiters = create();
    const leaves = new AbortController();
    const waiting = codeOf(waiters.forRunning(leaves.signal));
    leaves.abort();
    expect([await waiting, await codeOf(waiters.forRunning(leaves.signal))]).toEqual([
      'start_cancelled',
      'start_cancelled',
    ]);
    waiters.settle(lives.starting, lives.running);
  });
});

describe('who waits for ComfyUI to end', () => {
  it.each(['stopped', 'failed', 'backingOff', 'starting'] as const)(
    'is answered when a stop leads to %s',
    async (kind) => {
      const waiters = create();
      const waiting = codeOf(waiters.forEnd());
      waiters.settle(lives.running, lives.stopping);
      waiters.settle(lives.stopping, lives[kind]);
      expect(await waiting).toBe('resolved');
    },
  );

  it('is told when something would not end', async () => {
    const waiters = create();
    const waiting = codeOf(waiters.forEnd());
    waiters.settle(lives.stopping, lives.stuck);
    expect(await waiting).toBe('stop_failed');
  });
});

it('everyone is answered exactly once, whatever happens before it settles', async () => {
  const names = Object.keys(lives) as (keyof typeof lives)[];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<keyof typeof lives | 'wait'>(...names, 'wait'), { maxLength: 30 }),
      fc.constantFrom<keyof typeof lives>('running', 'stopped', 'failed'),
      async (steps, last) => {
        const waiters = create();
        const answers: Promise<string>[] = [];
        let from: Life = lives.stopped;
        for (const step of [...steps, last]) {
          if (step === 'wait') answers.push(codeOf(waiters.forRunning()));
          else {
            waiters.settle(from, lives[step]);
            from = lives[step];
          }
        }
        const settled = await Promise.race([
          Promise.all(answers),
          new Promise((resolve) => setImmediate(resolve, 'open')),
        ]);
        expect(settled).not.toBe('open');
      },
    ),
  );
});
