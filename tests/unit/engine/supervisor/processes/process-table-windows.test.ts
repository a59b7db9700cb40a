import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  createWindowsProcessTable,
  listScript,
  parseCimProcesses,
  parseNetstatListener,
} from '../../../../../engine/supervisor/processes/process-table-windows.ts';
import type { RunCommand } from '../../../../../engine/supervisor/processes/run-command.ts';

const file = (name: string) => resolve(import.meta.dirname, '../../../../fixtures/process-table', name);
const fixture = (name: string) => readFileSync(file(name), 'utf8');

describe('parseCimProcesses', () => {
  const processes = parseCimProcesses(fixture('windows-cim.json'));
  const byPid = (pid: number) => processes.find((process) => process.pid === pid);

  test('reads paths with spaces, umlauts and other scripts, and start times to the last digit', () => {
    expect(byPid(7444)).toEqual({
      pid: 7444,
      parentPid: 6120,
      groupId: null,
      startToken: '134081111120000002/7444',
      command:
        '"D:\\KI 工具\\ComfyUI_windows_portable\\python_embeded\\python.exe" -s ComfyUI\\main.py --listen 127.0.0.1 --port 52817',
    });
    expect(byPid(6120)?.command).toBe('"C:\\Users\\Zoë Müller\\AppData\\Local\\Programs\\Stoker\\Stoker.exe"');
  });

  test('does not take a program for the child of one that got its parent’s pid later', () => {
    expect(byPid(9000)?.parentPid).toBe(0);
    expect(byPid(7600)?.parentPid).toBe(7444);
  });

  test('leaves out the idle process, which has no start time', () => {
    expect(byPid(0)).toBeUndefined();
    expect(byPid(4)?.command).toBe('System');
  });

  test('reads one process, which PowerShell prints without a list, and none', () => {
    expect(parseCimProcesses(fixture('windows-cim-one.json')).map((process) => process.pid)).toEqual([7444]);
    expect(parseCimProcesses('\r\n')).toEqual([]);
  });
});

describe('parseNetstatListener', () => {
  test('finds who listens where loopback reaches', () => {
    const output = fixture('windows-netstat.txt');
    expect(parseNetstatListener(output, 8188)).toBe(7444);
    expect(parseNetstatListener(output, 135)).toBe(1148);
    expect(parseNetstatListener(output, 445)).toBe(4);
    expect(parseNetstatListener(output, 8191)).toBe(3333);
  });

  test.each([61001, 8190, 8192, 818])('finds nobody on %s', (port) => {
    expect(parseNetstatListener(fixture('windows-netstat.txt'), port)).toBeNull();
  });

  test('does not depend on the language of Windows', () => {
    const output = readFileSync(file('windows-netstat-german.txt'), 'latin1');
    expect(parseNetstatListener(output, 8188)).toBe(7444);
  });
});

describe('the table over PowerShell and netstat', () => {
  const calls: string[] = [];
  const windows: RunCommand = async (command, args) => {
    calls.push(args.at(-1) ?? '');
    const stdout = command.endsWith('netstat.exe') ? fixture('windows-netstat.txt') : fixture('windows-cim.json');
    return { kind: 'exited', exitCode: 0, stdout, stderr: '' };
  };

  test('asks for one process alone when one is wanted', async () => {
    expect((await createWindowsProcessTable({ run: windows }).find(7444))?.parentPid).toBe(6120);
    expect(calls.at(-1)).toBe(listScript(7444));
    expect(listScript(7444)).toContain("-Filter 'ProcessId=7444'");
    expect(listScript(null)).not.toContain('Filter');
  });

  test('names who holds a port', async () => {
    expect((await createWindowsProcessTable({ run: windows }).listenerOf(8188))?.command).toContain('main.py');
    expect(await createWindowsProcessTable({ run: windows }).listenerOf(8189)).toBeNull();
  });

  test('cannot read environments', async () => {
    const table = createWindowsProcessTable({ run: windows });
    expect(await table.environmentOf(7444, 'STOKER_NONCE')).toBeNull();
    expect(await table.pidsWithEnvironment('STOKER_NONCE', 'x')).toEqual(new Set());
  });

  test.each([
    { kind: 'timedOut' },
    { kind: 'failed', reason: 'ENOENT' },
    { kind: 'exited', exitCode: 1, stdout: '', stderr: 'Access denied' },
  ] as const)(
    'throws when PowerShell answers %j: an empty list would read as "everything has ended"',
    async (outcome) => {
      const table = createWindowsProcessTable({ run: async () => outcome });
      await expect(table.list()).rejects.toMatchObject({ code: 'internal' });
    },
  );
});
