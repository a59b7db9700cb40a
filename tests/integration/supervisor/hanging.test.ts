import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/real-processes.ts';
import { endSupervised, supervise } from '../../support/supervised-comfyui.ts';

afterEach(endSupervised);

describe('a ComfyUI that answers nothing', () => {
  it('while idle is hung: it is ended and started again', async () => {
    const { supervisor, post, entered, transitions } = supervise({ timesFaster: 10 });
    const { pid } = await supervisor.ensureRunning('user');
    await post('/sim/hang');
    await entered('backingOff', 1);
    expect(transitions.find(({ to }) => to.kind === 'backingOff')?.to).toMatchObject({
      error: { code: 'hung', message: expect.stringContaining('had nothing to do') },
    });
    await entered('running', 2);
    expect(supervisor.address()?.pid).not.toBe(pid);
  });

  it('because it was stopped (SIGSTOP) is hung too, and ended although it cannot hear', async () => {
    const { supervisor, entered, survivors } = supervise({ timesFaster: 10 });
    const { pid } = await supervisor.ensureRunning('user');
    process.kill(pid, 'SIGSTOP');
    await entered('running', 2);
    expect(await survivors()).not.toContain(pid);
  });

  it('while a prompt runs is busy and spared: a long GPU call looks the same from outside', async () => {
    let silentChecks = 0;
    const { supervisor, post, transitions } = supervise({
      timesFaster: 20,
      alter: ({ probe }) => ({
        async probe(target, limits) {
          const answer = await probe(target, limits);
          if (answer.kind === 'silent') silentChecks += 1;
          return answer;
        },
      }),
    });
    const { pid } = await supervisor.ensureRunning('user');
    supervisor.setBusy(true);
    await post('/sim/hang');
    // At least a minute for the supervisor: it asks every five seconds.
    await waitFor('a minute of silence', () => silentChecks >= 13);
    expect(supervisor.address()?.pid).toBe(pid);
    await waitFor('the answer after the long call', async () => (await post('/sim/unhang').catch(() => null))?.ok);
    expect(transitions.at(-1)?.to.kind).toBe('running');
  });
});
