import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { SupervisorState } from '../../../contract/supervisor-state.ts';
import { waitFor } from '../../support/real-processes.ts';
import { endSupervised, supervise, superviseElsewhere, temporaryFolder } from '../../support/supervised-comfyui.ts';

afterEach(endSupervised);

const isRunning = (state: SupervisorState) => state.kind === 'running';

async function kill(host: ChildProcess): Promise<void> {
  host.kill('SIGKILL');
  await once(host, 'exit');
}

async function leaveBehind(options: Parameters<typeof superviseElsewhere>[0]): Promise<number> {
  const { host, state } = await superviseElsewhere(options, isRunning);
  await kill(host);
  if (state.kind !== 'running') throw new Error('not running');
  return state.pid;
}

describe('after the engine was killed', () => {
  it('the next one takes over the ComfyUI that runs, with its log, and ends it when told to', async () => {
    const dataFolder = temporaryFolder('data');
    const pid = await leaveBehind({ dataFolder });
    const { supervisor, survivors } = supervise({ dataFolder });
    await supervisor.recover();
    expect(supervisor.state()).toMatchObject({ kind: 'running', reason: 'adopted', pid });
    expect(supervisor.log.tail(100).some((line) => line.text.startsWith('To see the GUI go to'))).toBe(true);
    await supervisor.stop('idle');
    expect(await survivors()).toEqual([]);
  });

  it('the next one goes on reading what ComfyUI prints', async () => {
    const dataFolder = temporaryFolder('data');
    await leaveBehind({ dataFolder });
    const { supervisor, post } = supervise({ dataFolder });
    await supervisor.recover();
    const before = supervisor.log.tail(1)[0]?.sequence ?? 0;
    await post('/interrupt');
    await waitFor('a new line', () => supervisor.log.after(before).length > 0);
  });

  it('the next one waits for a ComfyUI in the middle of its start', async () => {
    const dataFolder = temporaryFolder('data');
    const options = { dataFolder, simulator: ['--sim-start-seconds', '6'] };
    const { host } = await superviseElsewhere(options, (state) => state.kind === 'starting' && state.phase === 'torch');
    await kill(host);
    const { supervisor, reach, transitions } = supervise(options);
    await supervisor.recover();
    expect(supervisor.state()).toMatchObject({ kind: 'starting', reason: 'adopted' });
    await reach('running');
    expect(transitions.every(({ to }) => to.kind === 'starting' || to.kind === 'running')).toBe(true);
  });

  it('the next one ends a ComfyUI that does nothing and answers nothing', async () => {
    const dataFolder = temporaryFolder('data');
    const pid = await leaveBehind({ dataFolder });
    process.kill(pid, 'SIGSTOP');
    const { supervisor, survivors } = supervise({ dataFolder, timesFaster: 10 });
    await supervisor.recover();
    expect(supervisor.state()).toMatchObject({ kind: 'stopped', reason: 'neverStarted' });
    expect(await survivors()).toEqual([]);
  });

  it('the next one notices when the ComfyUI it took over dies, and starts another', async () => {
    const dataFolder = temporaryFolder('data');
    const pid = await leaveBehind({ dataFolder });
    const { supervisor, entered, transitions } = supervise({ dataFolder });
    await supervisor.recover();
    process.kill(pid, 'SIGKILL');
    await entered('backingOff', 1);
    expect(transitions.at(-1)?.to).toMatchObject({ error: { message: expect.stringContaining('not known') } });
    await entered('running', 2);
  });

  it('who asks for ComfyUI meanwhile gets the one that was taken over, not a second one', async () => {
    const dataFolder = temporaryFolder('data');
    const pid = await leaveBehind({ dataFolder });
    const { supervisor } = supervise({ dataFolder });
    const recovered = supervisor.recover();
    expect(await supervisor.ensureRunning('request')).toMatchObject({ pid });
    await recovered;
  });

  it('nobody touches a process that is not proven to be ComfyUI', async () => {
    const dataFolder = temporaryFolder('data');
    const stranger = supervise();
    const { pid, port } = await stranger.supervisor.ensureRunning('user');
    const record = stranger.processes.records.read();
    if (record === null) throw new Error('no record');
    const { supervisor, processes } = supervise({ dataFolder });
    processes.records.write({ ...record, startToken: 'another process' });
    await supervisor.recover();
    expect(supervisor.state().kind).toBe('stopped');
    expect(processes.records.read()).toBeNull();
    expect((await fetch(`http://127.0.0.1:${port}/system_stats`)).status).toBe(200);
    expect(stranger.supervisor.address()).toMatchObject({ pid });
  });

  it.each([0, 5, 20, 80, 160, 640])(
    'nothing is left of a start that was cut off %i ms after it began',
    async (delayMs) => {
      const dataFolder = temporaryFolder('data');
      const { host } = await superviseElsewhere({ dataFolder }, (state) => state.kind === 'starting');
      await sleep(delayMs);
      await kill(host);
      const { supervisor, survivors } = supervise({ dataFolder });
      await supervisor.recover();
      expect(['stopped', 'starting', 'running']).toContain(supervisor.state().kind);
      expect((await survivors()).length > 0).toBe(supervisor.state().kind !== 'stopped');
      await supervisor.stop('user');
      expect(await survivors()).toEqual([]);
    },
  );
});
