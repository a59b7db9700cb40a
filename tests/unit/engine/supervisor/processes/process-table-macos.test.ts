import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  createMacosProcessTable,
  parseEnvironmentValue,
  parseLsofListener,
  parsePidsWithEnvironment,
  parsePs,
} from '../../../../../engine/supervisor/processes/process-table-macos.ts';
import type { CommandOutcome, RunCommand } from '../../../../../engine/supervisor/processes/run-command.ts';

const fixture = (name: string) =>
  readFileSync(resolve(import.meta.dirname, '../../../../fixtures/process-table', name), 'utf8');

const COMFYUI = '/Users/zoë/AI Tools/ComfyUI/venv/bin/python /Users/zoë/AI Tools/ComfyUI/main.py';

const exited = (stdout: string, exitCode = 0): CommandOutcome => ({ kind: 'exited', exitCode, stdout, stderr: '' });

/** A Mac on which each command line (joined) prints what is given; anything else matches nothing. */
function macThatPrints(outputs: Record<string, string>): RunCommand {
  return async (command, args) => exited(outputs[[command, ...args].join(' ')] ?? '', 1);
}

describe('parsePs', () => {
  test('reads pids, times and command lines with spaces and letters of any language', () => {
    expect(parsePs(fixture('macos-ps.txt')).find((process) => process.pid === 9107)).toEqual({
      pid: 9107,
      parentPid: 9031,
      groupId: 9107,
      startToken: 'Thu Nov 5 09:04:31 2026/9107',
      command: `${COMFYUI} --listen 127.0.0.1 --port 52817`,
    });
  });

  test('leaves out the dead that wait to be reaped, keeps a process without command line', () => {
    const processes = parsePs(fixture('macos-ps.txt'));
    expect(processes.map((process) => process.pid)).toEqual([1, 412, 598, 9031, 9107, 9110, 99998, 2201]);
    expect(processes.at(-1)?.command).toBe('');
  });

  test('reads CRLF and ignores lines that are something else', () => {
    expect(parsePs('ps: warning\r\n  5 1 5 S Mon Nov 16 07:58:02 2026 /bin/sh\r\n\r\n')).toHaveLength(1);
  });
});

describe('the nonce on macOS', () => {
  const line = `${COMFYUI} --port 52817 USER=zoë STOKER_NONCE=9f2c41d07a EDITOR=code --wait LANG=de_DE.UTF-8`;

  test.each([
    ['STOKER_NONCE', '9f2c41d07a'],
    ['EDITOR', 'code --wait'],
    ['LANG', 'de_DE.UTF-8'],
    ['NONCE', null],
  ])('%s is %j', (name, value) => {
    expect(parseEnvironmentValue(line, `${COMFYUI} --port 52817\n`, name)).toBe(value);
  });

  test('in the command line is no proof', () => {
    const command = 'grep STOKER_NONCE=9f2c41d07a HOME=/x';
    expect(parseEnvironmentValue(`${command} USER=zoë`, command, 'STOKER_NONCE')).toBeNull();
  });

  test('is not read when the process replaced itself between the two looks', () => {
    expect(parseEnvironmentValue('/bin/other STOKER_NONCE=1', '/bin/python main.py', 'STOKER_NONCE')).toBeNull();
  });

  test('finds exactly the processes that carry it', () => {
    const pids = parsePidsWithEnvironment(fixture('macos-ps-environment.txt'), 'STOKER_NONCE', '9f2c41d07a');
    expect(pids).toEqual(new Set([9107, 9110]));
  });
});

describe('parseLsofListener', () => {
  test('takes the one that loopback reaches', () => {
    expect(parseLsofListener(fixture('macos-lsof.txt'))).toBe(9107);
    expect(parseLsofListener(fixture('macos-lsof-ipv6.txt'))).toBe(777);
    expect(parseLsofListener('p12\nn*:8188\n')).toBe(12);
    expect(parseLsofListener('p12\nn192.168.1.4:8188\n')).toBeNull();
    expect(parseLsofListener('')).toBeNull();
  });
});

describe('the table over ps and lsof', () => {
  const row = '9107 9031 9107 Ss   Thu Nov  5 09:04:31 2026     python main.py --port 52817\n';

  test('names who holds a port', async () => {
    const table = createMacosProcessTable({
      run: macThatPrints({
        '/usr/sbin/lsof -nP -iTCP:8188 -sTCP:LISTEN -F pn': fixture('macos-lsof.txt'),
        'ps -ww -o pid=,ppid=,pgid=,stat=,lstart=,command= -p 9107': row,
      }),
    });
    expect((await table.listenerOf(8188))?.command).toContain('--port 52817');
    expect(await table.listenerOf(8189)).toBeNull();
    expect(await table.find(4)).toBeNull();
  });

  test('reads the environment of one process and of all', async () => {
    const table = createMacosProcessTable({
      run: macThatPrints({
        'ps -Eww -o command= -p 9107': `${COMFYUI} STOKER_NONCE=abc HOME=/Users/zoë\n`,
        'ps -ww -o command= -p 9107': `${COMFYUI}\n`,
        'ps -axEww -o pid=,command=': fixture('macos-ps-environment.txt'),
      }),
    });
    expect(await table.environmentOf(9107, 'STOKER_NONCE')).toBe('abc');
    expect(await table.environmentOf(9108, 'STOKER_NONCE')).toBeNull();
    expect(await table.pidsWithEnvironment('STOKER_NONCE', '9f2c41d07a')).toEqual(new Set([9107, 9110]));
  });

  test('throws when ps did not answer: an empty list would read as "everything has ended"', async () => {
    const table = createMacosProcessTable({ run: async () => ({ kind: 'timedOut' }) });
    await expect(table.list()).rejects.toMatchObject({ code: 'internal' });
    await expect(table.find(9107)).rejects.toMatchObject({ code: 'internal' });
  });
});
