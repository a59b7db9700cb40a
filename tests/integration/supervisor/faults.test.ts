import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../engine/platform/app-error.ts';
import { waitFor } from '../../support/real-processes.ts';
import { endSupervised, markOfTest, supervise, temporaryFolder } from '../../support/supervised-comfyui.ts';

afterEach(endSupervised);

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: AppError) => error.code,
  );

describe('when the system does not play along', () => {
  it('a stop says which process would not end, and the next start ends it first', async () => {
    let stubborn = true;
    const { supervisor, survivors } = supervise({
      supervision: { stopGraceSeconds: 0 },
      alter: ({ tree }) => ({
        tree: {
          ...tree,
          askToEnd: async () => undefined,
          end: async (pid) => (stubborn ? [pid] : tree.end(pid)),
        },
      }),
    });
    const first = await supervisor.ensureRunning('user');
    await expect(supervisor.stop('user')).rejects.toMatchObject({
      code: 'stop_failed',
      message: expect.stringContaining(String(first.pid)),
    });
    expect(supervisor.state().kind).toBe('failed');
    stubborn = false;
    const second = await supervisor.ensureRunning('user');
    expect(await survivors()).toEqual([second.pid]);
  });

  it('a record that cannot be written refuses the start, and nothing is left running', async () => {
    const { supervisor, survivors } = supervise({
      alter: ({ records }) => ({
        records: {
          ...records,
          write: () => {
            throw new AppError('data_folder_unusable', 'The disk is full.');
          },
        },
      }),
    });
    expect(await codeOf(supervisor.ensureRunning('user'))).toBe('data_folder_unusable');
    expect(await survivors()).toEqual([]);
  });

  it('a log that cannot be written refuses the start before anything is spawned', async () => {
    const dataFolder = temporaryFolder('data');
    writeFileSync(`${dataFolder}/logs`, 'a file where the folder should be');
    const { supervisor, survivors } = supervise({ dataFolder });
    expect(await codeOf(supervisor.ensureRunning('user'))).toBe('data_folder_unusable');
    expect(await survivors()).toEqual([]);
  });

  it('a process table that fails at the stop does not leave anybody waiting', async () => {
    let broken = false;
    const { supervisor } = supervise({
      alter: ({ tree }) => ({
        tree: {
          ...tree,
          askToEnd: (pid) => (broken ? Promise.reject(new Error('no process table')) : tree.askToEnd(pid)),
        },
      }),
    });
    await supervisor.ensureRunning('user');
    broken = true;
    expect(await codeOf(supervisor.stop('user'))).toBe('stop_failed');
    broken = false;
    expect(await codeOf(supervisor.stop('user'))).toBe('resolved');
  });

  it('a process table that fails at a crash does not keep ComfyUI from coming back', async () => {
    let broken = false;
    const { supervisor, entered } = supervise({
      timesFaster: 10,
      alter: ({ tree }) => ({
        tree: {
          ...tree,
          end: (pid) => (broken ? Promise.reject(new Error('no process table')) : tree.end(pid)),
        },
      }),
    });
    const { pid } = await supervisor.ensureRunning('user');
    broken = true;
    process.kill(pid, 'SIGKILL');
    await entered('running', 2);
    broken = false;
  });

  it('a process that cannot be recorded is turned away before it runs, and leaves nothing', async () => {
    const { supervisor, survivors } = supervise({
      installation: { commandLine: `/bin/sh -c 'sleep 300 & exit 3'` },
      alter: ({ table }) => ({ table: { ...table, find: async () => null } }),
    });
    expect(await codeOf(supervisor.ensureRunning('user'))).toBe('exited_early');
    expect(await survivors()).toEqual([]);
  });

  it('a listener that throws does not stop the others, nor the supervisor', async () => {
    const { supervisor, transitions } = supervise();
    supervisor.onTransition(() => {
      throw new Error('a listener with a fault');
    });
    await supervisor.ensureRunning('user');
    expect(transitions.at(-1)?.to.kind).toBe('running');
  });

  it('a listener that stops it again ends in a stop, not in a mess', async () => {
    const { supervisor, reach, survivors } = supervise();
    supervisor.onTransition(({ to }) => {
      if (to.kind === 'running') void supervisor.stop('user');
    });
    await supervisor.ensureRunning('user');
    await reach('stopped');
    expect(await survivors()).toEqual([]);
  });
});

describe('an engine that was killed between the start of ComfyUI and its record', () => {
  it('leaves an intent by which the next one finds and ends it', async () => {
    const dataFolder = temporaryFolder('data');
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      detached: true,
      stdio: 'ignore',
      env: { PATH: process.env.PATH, ...markOfTest(), STOKER_NONCE: 'declared' },
    });
    await once(orphan, 'spawn');
    const { supervisor, processes, survivors } = supervise({ dataFolder });
    writeFileSync(`${processes.recordFile}.intent`, 'declared');
    await supervisor.recover();
    await waitFor('its end', async () => (await survivors()).length === 0);
    expect(supervisor.state()).toMatchObject({ kind: 'stopped', reason: 'neverStarted' });
  });
});
