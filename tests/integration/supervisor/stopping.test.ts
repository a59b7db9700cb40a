import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/real-processes.ts';
import { endSupervised, supervise } from '../../support/supervised-comfyui.ts';

afterEach(endSupervised);

describe('a stop', () => {
  it('leaves nothing of a ComfyUI that ignores polite signals', async () => {
    const { supervisor, survivors } = supervise({
      simulator: ['--sim-ignore-signals', 'SIGTERM,SIGINT'],
      supervision: { stopGraceSeconds: 1 },
    });
    await supervisor.ensureRunning('user');
    await supervisor.stop('user');
    expect(await survivors()).toEqual([]);
  });

  it('leaves no grandchild that outlives its parent (ComfyUI#12441)', async () => {
    const { supervisor, survivors } = supervise({ simulator: ['--sim-fork-grandchild'] });
    await supervisor.ensureRunning('user');
    expect((await survivors()).length).toBeGreaterThan(1);
    await supervisor.stop('idle');
    expect(await survivors()).toEqual([]);
    expect(supervisor.state()).toMatchObject({ kind: 'stopped', reason: 'idle' });
  });

  it('calls off a start in progress and tells those who wait for it', async () => {
    const { supervisor, survivors } = supervise({ simulator: ['--sim-start-seconds', '60'] });
    const waiting = supervisor.ensureRunning('request').catch((error: { code: string }) => error.code);
    await waitFor('the process', async () => (await survivors()).length > 0);
    await supervisor.stop('user');
    expect(await waiting).toBe('start_cancelled');
    expect(supervisor.state()).toMatchObject({ kind: 'stopped', reason: 'startCancelled' });
    expect(await survivors()).toEqual([]);
  });

  it('calls off a start that has not spawned anything yet', async () => {
    const { supervisor, survivors } = supervise();
    const waiting = supervisor.ensureRunning('request').catch((error: { code: string }) => error.code);
    await supervisor.stop('user');
    expect(await waiting).toBe('start_cancelled');
    expect(await survivors()).toEqual([]);
  });

  it('is followed by a start when somebody asks while it goes on', async () => {
    const { supervisor } = supervise();
    const first = await supervisor.ensureRunning('user');
    const stopping = supervisor.stop('idle');
    const second = await supervisor.ensureRunning('request');
    await stopping;
    expect(second.generation).toBeGreaterThan(first.generation);
    expect(second.pid).not.toBe(first.pid);
  });

  it('of a stopped one is done already', async () => {
    const { supervisor } = supervise();
    await supervisor.stop('user');
    expect(supervisor.state()).toMatchObject({ kind: 'stopped', reason: 'neverStarted' });
  });

  it('is part of a restart, which ends in another process', async () => {
    const { supervisor, survivors } = supervise();
    const first = await supervisor.ensureRunning('user');
    const second = await supervisor.restart();
    expect(second.pid).not.toBe(first.pid);
    expect(await survivors()).toEqual([second.pid]);
  });

  it('happens on closing, after which nothing starts any more', async () => {
    const { supervisor, survivors, processes } = supervise();
    await supervisor.ensureRunning('user');
    await supervisor.close();
    expect(await survivors()).toEqual([]);
    expect(processes.records.read()).toBeNull();
    await expect(supervisor.ensureRunning('request')).rejects.toMatchObject({ code: 'start_cancelled' });
  });

  it('leaves no orphan in twenty cycles', async () => {
    const { supervisor, survivors } = supervise({ simulator: ['--sim-start-seconds', '0'] });
    for (let cycle = 0; cycle < 20; cycle += 1) {
      await supervisor.ensureRunning('request');
      await supervisor.stop('idle');
      expect(await survivors()).toEqual([]);
    }
  });
});
