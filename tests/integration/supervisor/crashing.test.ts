import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/real-processes.ts';
import { endSupervised, supervise } from '../../support/supervised-comfyui.ts';

afterEach(endSupervised);

describe('a crash', () => {
  it('is said in words, waited out and recovered from', async () => {
    const { supervisor, reach, entered } = supervise({ timesFaster: 4, currentNode: () => 'KSampler' });
    const { pid } = await supervisor.ensureRunning('user');
    process.kill(pid, 'SIGSEGV');
    const { error } = await reach('backingOff');
    expect(error).toMatchObject({ code: 'crashed', signal: 'SIGSEGV', suspect: 'KSampler' });
    expect(error.message).toMatch(/segmentation fault.* while running the node KSampler/);
    expect(error.logTail.join('\n')).toContain('To see the GUI go to');
    await entered('running', 2);
    expect(supervisor.state()).toMatchObject({ kind: 'running', reason: 'crashRecovery' });
  });

  it('is a new generation: late answers of the old one are known as such', async () => {
    const { supervisor, post, entered } = supervise({ timesFaster: 10 });
    const before = await supervisor.ensureRunning('user');
    await post('/sim/crash?how=exit').catch(() => undefined);
    await entered('running', 2);
    expect(supervisor.address()?.generation).toBeGreaterThan(before.generation);
  });

  it('leaves nothing of what the crashed one had started', async () => {
    const { supervisor, survivors } = supervise({
      simulator: ['--sim-fork-grandchild'],
      supervision: { restartAfterCrash: false },
    });
    const { pid } = await supervisor.ensureRunning('user');
    process.kill(pid, 'SIGKILL');
    await waitFor('failed', () => supervisor.state().kind === 'failed');
    expect(await survivors()).toEqual([]);
  });

  it('answers those who wait with the next ComfyUI that answers', async () => {
    const { supervisor, reach } = supervise({ timesFaster: 10 });
    const { pid } = await supervisor.ensureRunning('user');
    process.kill(pid, 'SIGKILL');
    await reach('backingOff');
    await expect(supervisor.ensureRunning('request')).resolves.toMatchObject({ host: '127.0.0.1' });
  });

  it('is not waited out when a person presses start', async () => {
    const { supervisor, reach, transitions } = supervise();
    const { pid } = await supervisor.ensureRunning('user');
    process.kill(pid, 'SIGKILL');
    await reach('backingOff');
    await supervisor.ensureRunning('user');
    expect(transitions.at(-1)?.to).toMatchObject({ kind: 'running', reason: 'user' });
  });

  it('is not recovered from when a person stops it during the wait', async () => {
    const { supervisor, reach, survivors } = supervise();
    const { pid } = await supervisor.ensureRunning('user');
    process.kill(pid, 'SIGKILL');
    await reach('backingOff');
    await supervisor.stop('user');
    expect(supervisor.state()).toMatchObject({ kind: 'stopped', reason: 'user' });
    expect(await survivors()).toEqual([]);
  });

  it('that comes again and again makes it give up; a request does not undo that, a person does', async () => {
    const { supervisor, reach } = supervise({ supervision: { maxCrashes: 3 }, timesFaster: 10 });
    const stopCrashing = supervisor.onTransition(({ to }) => {
      if (to.kind === 'running') process.kill(to.pid, 'SIGKILL');
    });
    await supervisor.ensureRunning('user');
    const { error } = await reach('failed');
    expect(error).toMatchObject({ code: 'gave_up', message: expect.stringContaining('3 times') });
    stopCrashing();
    await expect(supervisor.ensureRunning('request')).rejects.toMatchObject({ code: 'gave_up' });
    await expect(supervisor.ensureRunning('user')).resolves.toMatchObject({ host: '127.0.0.1' });
  });

  it('is none when somebody presses Ctrl-C in its terminal', async () => {
    const { supervisor, reach } = supervise();
    const { pid } = await supervisor.ensureRunning('user');
    process.kill(pid, 'SIGINT');
    expect(await reach('stopped')).toMatchObject({ reason: 'exited' });
  });
});
