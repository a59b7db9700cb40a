import { chmodSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { endSupervised, supervise, temporaryFolder } from '../../support/supervised-comfyui.ts';

afterEach(endSupervised);

describe('a ComfyUI that restarts itself, as ComfyUI-Manager does (ComfyUI-Manager#2014)', () => {
  it('is followed to its new process and still ends when it is told to', async () => {
    const { supervisor, post, entered, transitions, survivors } = supervise({ simulator: ['--sim-restart-by-exec'] });
    const before = await supervisor.ensureRunning('user');
    await post('/manager/reboot').catch(() => undefined);
    await entered('running', 2);
    const after = supervisor.address();
    expect(after).toMatchObject({ port: before.port });
    expect(after?.pid).not.toBe(before.pid);
    expect(after?.generation).toBeGreaterThan(before.generation);
    expect(transitions.map(({ to }) => to.kind)).not.toContain('backingOff');
    await supervisor.stop('user');
    expect(await survivors()).toEqual([]);
  });

  it('and keeps its process (os.execv on Linux) is waited for, not called hung', async () => {
    // A shell that stays while the server below it is replaced: from outside the same as os.execv.
    const script = join(temporaryFolder('script'), 'comfyui.sh');
    writeFileSync(script, `#!/bin/sh\nwhile :; do "${process.execPath}" "${simulatorEntry()}" "$@"; done\n`);
    chmodSync(script, 0o755);
    const { supervisor, post, entered, transitions } = supervise({
      installation: { commandLine: `"${script}" --sim-start-seconds 3` },
    });
    const before = await supervisor.ensureRunning('user');
    await post('/sim/crash?how=exit').catch(() => undefined);
    await entered('running', 2);
    expect(supervisor.address()).toMatchObject({ pid: before.pid, port: before.port });
    expect(supervisor.address()?.generation).toBeGreaterThan(before.generation);
    expect(transitions.some(({ to }) => to.kind === 'starting' && to.reason === 'restart')).toBe(true);
  });

  it('and does not come back has crashed', async () => {
    const { supervisor, post, reach } = supervise({
      installation: { commandLine: quittingServer },
      supervision: { restartAfterCrash: false },
      timesFaster: 20,
    });
    await supervisor.ensureRunning('user');
    await post('/quit').catch(() => undefined);
    expect(await reach('starting')).toMatchObject({ reason: 'restart' });
    expect(await reach('failed')).toMatchObject({ error: { exitCode: 0 } });
  });

  it('can be stopped while it is looked for', async () => {
    const { supervisor, post, reach, survivors } = supervise({ installation: { commandLine: quittingServer } });
    await supervisor.ensureRunning('user');
    await post('/quit').catch(() => undefined);
    await reach('starting');
    await supervisor.stop('user');
    expect(supervisor.state()).toMatchObject({ kind: 'stopped', reason: 'startCancelled' });
    expect(await survivors()).toEqual([]);
  });
});

const quittingServer = `"${process.execPath}" "${resolve(import.meta.dirname, '../../support/quitting-server.mjs')}" {port}`;
