import { describe, expect, it } from 'vitest';
import { parseCpuSeconds, readLinuxCpuSeconds } from '../../../../../engine/supervisor/processes/cpu-time-linux.ts';
import { createMacosCpuTime, parsePsTimes } from '../../../../../engine/supervisor/processes/cpu-time-macos.ts';
import { createWindowsCpuTime, parseTicks } from '../../../../../engine/supervisor/processes/cpu-time-windows.ts';
import type { CommandOutcome } from '../../../../../engine/supervisor/processes/run-command.ts';

const exited = (stdout: string): CommandOutcome => ({ kind: 'exited', exitCode: 0, stdout, stderr: '' });

describe('processor time on Linux', () => {
  it('is user and system time, also of a process with an odd name', () => {
    const stat = '4242 (python (x) 3) S 1 4242 4242 0 -1 4194304 0 0 0 0 1250 375 0 0 20 0 4 0 99 0 0';
    expect(parseCpuSeconds(stat)).toBe(16.25);
    expect(parseCpuSeconds('nonsense')).toBeNull();
  });

  it.runIf(process.platform === 'linux')('is read of living processes, leaving out dead ones', async () => {
    expect(await readLinuxCpuSeconds([process.pid, 2 ** 22 + 1])).toBeGreaterThan(0);
    expect(await readLinuxCpuSeconds([2 ** 22 + 1])).toBeNull();
  });
});

describe('processor time on macOS', () => {
  it.each([
    ['  0:03.25\n', 3.25],
    ['  0:01.00\n 1:02:03.50\n', 3724.5],
    ['  2-01:00:00\n', 176_400],
    ['', null],
    ['ps: no such process\n', null],
  ])('%j is %s s', (output, seconds) => {
    expect(parsePsTimes(output)).toBe(seconds);
  });

  it('asks ps once for the whole tree', async () => {
    const calls: string[] = [];
    const read = createMacosCpuTime(async (command, args) => {
      calls.push([command, ...args].join(' '));
      return exited('0:01.00\n0:02.00\n');
    });
    expect([await read([1, 2]), await read([])]).toEqual([3, null]);
    expect(calls).toEqual(['ps -o time= -p 1,2']);
  });
});

describe('processor time on Windows', () => {
  it('is told in ticks, which no locale writes with a comma', () => {
    expect([parseTicks('156250000\r\n'), parseTicks('15,6\r\n'), parseTicks('')]).toEqual([15.625, null, null]);
  });

  it('is not known when PowerShell takes too long', async () => {
    expect(await createWindowsCpuTime(async () => ({ kind: 'timedOut' }))([1])).toBeNull();
    expect(await createWindowsCpuTime(async () => exited('0\r\n'))([1])).toBe(0);
  });
});
