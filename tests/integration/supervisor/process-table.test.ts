import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProcessTable } from '../../../engine/supervisor/processes/process-table.ts';
import { runCommand } from '../../../engine/supervisor/processes/run-command.ts';
import { createRealProcesses, firstLine, type RealProcesses, waitFor } from '../../support/real-processes.ts';

const table = createProcessTable();
let processes: RealProcesses;

beforeEach(() => {
  processes = createRealProcesses();
});

afterEach(() => processes.endAll());

const LISTEN = (host: string) =>
  `const s = require('node:net').createServer().listen(0, '${host}', () => console.log(s.address().port))`;

describe('the process table of this system', () => {
  test('knows this process, its parent and its command line', async () => {
    const here = (await table.list()).find((entry) => entry.pid === process.pid);
    expect(here).toEqual(await table.find(process.pid));
    expect(here).toMatchObject({ parentPid: process.ppid, command: expect.stringContaining('vitest') });
  });

  test('gives the same token to one process at every look, and another to another', async () => {
    const first = processes.start('sleep', ['600']);
    const token = (await table.find(first.pid))?.startToken;
    expect((await table.find(first.pid))?.startToken).toBe(token);
    expect((await table.find(process.pid))?.startToken).not.toBe(token);
  });

  test('reads a variable of a child, null for one that is not set and for a process that is gone', async () => {
    const child = processes.start('sleep', ['600'], { environment: { STOKER_NONCE: 'with = and ünicode' } });
    await waitFor('the program to be loaded', async () => (await table.find(child.pid))?.command === 'sleep 600');
    expect(await table.environmentOf(child.pid, 'STOKER_NONCE')).toBe('with = and ünicode');
    expect(await table.environmentOf(child.pid, 'STOKER_NO')).toBeNull();
    child.kill('SIGKILL');
    await waitFor('it to be gone', async () => (await table.find(child.pid)) === null);
    expect(await table.environmentOf(child.pid, 'STOKER_NONCE')).toBeNull();
  });

  test.each(['127.0.0.1', '::1', '0.0.0.0', '::'])('names who listens on a port of %s (pain 21)', async (host) => {
    const server = processes.start(process.execPath, ['-e', LISTEN(host)]);
    const port = Number(await firstLine(server));
    expect(await table.listenerOf(port)).toMatchObject({
      pid: server.pid,
      command: expect.stringContaining('createServer'),
    });
    server.kill('SIGKILL');
    await waitFor('the port to be free', async () => (await table.listenerOf(port)) === null);
  });

  test('names this process for a port of its own', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect((await table.listenerOf(port))?.pid).toBe(process.pid);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('runCommand', () => {
  test('tells an exit code and what was printed', async () => {
    const outcome = await runCommand('/bin/sh', ['-c', 'echo "$WORD"; echo bad >&2; exit 3'], {
      timeoutMs: 10_000,
      environment: { WORD: 'wörd' },
    });
    expect(outcome).toEqual({ kind: 'exited', exitCode: 3, stdout: 'wörd\n', stderr: 'bad\n' });
  });

  test('tells that a program does not exist, or was killed', async () => {
    expect(await runCommand('/no/such/program', [], { timeoutMs: 10_000 })).toEqual({
      kind: 'failed',
      reason: 'ENOENT',
    });
    expect(await runCommand('/bin/sh', ['-c', 'kill -9 $$'], { timeoutMs: 10_000 })).toEqual({
      kind: 'failed',
      reason: 'ended by SIGKILL',
    });
  });

  test('ends a program that ignores signals when its time is up', async () => {
    const child = await runCommand('/bin/sh', ['-c', "trap '' TERM; while :; do sleep 1; done"], { timeoutMs: 300 });
    expect(child).toEqual({ kind: 'timedOut' });
  });
});
