import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createLinuxProcessTable,
  parseListeningInodes,
  parseStat,
} from '../../../../../engine/supervisor/processes/process-table-linux.ts';

const fixture = (name: string) =>
  readFileSync(resolve(import.meta.dirname, '../../../../fixtures/process-table', name), 'utf8');

const statLine = (name: string, state: string, threads: number) =>
  `4711 (${name}) ${state} 4700 4711 4711 0 -1 4194304 98 0 0 0 7 3 0 0 20 0 ${threads} 0 166452 3133440 418 184467\n`;

describe('parseStat', () => {
  test.each(['python', 'a b', 'tricky) S 1 1', '(deep (er))', 'new\nline', 'naïve 模型'])(
    'counts fields from the last parenthesis when the program is called %j',
    (name) => {
      expect(parseStat(statLine(name, 'S', 4))).toEqual({
        parentPid: 4700,
        groupId: 4711,
        startTicks: '166452',
        name,
        holdsResources: true,
      });
    },
  );

  test('takes a reaped-not-yet process for gone, but not one whose threads still hold GPU memory', () => {
    expect(parseStat(statLine('python', 'Z', 1))?.holdsResources).toBe(false);
    expect(parseStat(statLine('python', 'X', 1))?.holdsResources).toBe(false);
    expect(parseStat(statLine('python', 'Z', 3))?.holdsResources).toBe(true);
  });

  test.each(['', 'nonsense', '1 (x', '1 (x) S 1', ')('])('says null to %j', (text) => {
    expect(parseStat(text)).toBeNull();
  });
});

describe('parseListeningInodes', () => {
  test('finds listeners on loopback and wildcard addresses, in both protocols', () => {
    expect(parseListeningInodes(fixture('linux-net-tcp.txt'), 8188)).toEqual(['54321']);
    expect(parseListeningInodes(fixture('linux-net-tcp.txt'), 2024)).toEqual(['1060']);
    expect(parseListeningInodes(fixture('linux-net-tcp6.txt'), 8199)).toEqual(['61001', '61002']);
    expect(parseListeningInodes(fixture('linux-net-tcp6.txt'), 8000)).toEqual(['61003']);
  });

  test('leaves out connections, and listeners that loopback does not reach', () => {
    expect(parseListeningInodes(fixture('linux-net-tcp.txt'), 50000)).toEqual([]);
    expect(parseListeningInodes(fixture('linux-net-tcp.txt'), 7000)).toEqual([]);
  });
});

describe('the table over a proc folder', () => {
  let proc: string;

  function addProcess(pid: number, parentPid: number, options: { command?: string[]; environment?: string[] } = {}) {
    const folder = join(proc, String(pid));
    mkdirSync(join(folder, 'fd'), { recursive: true });
    writeFileSync(
      join(folder, 'stat'),
      `${pid} (python) S ${parentPid} 50 50 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${pid}0 0\n`,
    );
    writeFileSync(
      join(folder, 'cmdline'),
      (options.command ?? ['python', 'main.py']).map((word) => `${word}\0`).join(''),
    );
    writeFileSync(join(folder, 'environ'), (options.environment ?? []).map((entry) => `${entry}\0`).join(''));
  }

  beforeEach(() => {
    proc = mkdtempSync(join(tmpdir(), 'stoker-proc-'));
    mkdirSync(join(proc, 'sys/kernel/random'), { recursive: true });
    mkdirSync(join(proc, 'net'));
    writeFileSync(join(proc, 'sys/kernel/random/boot_id'), 'boot-a\n');
    writeFileSync(join(proc, 'net/tcp'), fixture('linux-net-tcp.txt'));
  });

  afterEach(() => rmSync(proc, { recursive: true, force: true }));

  test('lists processes with a token that another boot never gives', async () => {
    addProcess(60, 50, { command: ['/opt/AI Tools/python', 'main.py', '--port', '8190'] });
    writeFileSync(join(proc, 'loadavg'), '');
    expect(await createLinuxProcessTable(proc).list()).toEqual([
      {
        pid: 60,
        parentPid: 50,
        groupId: 50,
        startToken: 'boot-a/600/60',
        command: '/opt/AI Tools/python main.py --port 8190',
      },
    ]);
    writeFileSync(join(proc, 'sys/kernel/random/boot_id'), 'boot-b\n');
    expect((await createLinuxProcessTable(proc).find(60))?.startToken).toBe('boot-b/600/60');
  });

  test('names a process without command line by its program, and skips one that is gone half way', async () => {
    addProcess(60, 50, { command: [] });
    mkdirSync(join(proc, '61'));
    expect((await createLinuxProcessTable(proc).list()).map((process) => process.command)).toEqual(['[python]']);
    expect(await createLinuxProcessTable(proc).find(61)).toBeNull();
  });

  test.each([0, -1, 1.5, Number.NaN])('finds nobody under the pid %s', async (pid) => {
    expect(await createLinuxProcessTable(proc).find(pid)).toBeNull();
  });

  test('reads a variable by its whole name and finds who carries it', async () => {
    addProcess(60, 50, {
      environment: ['OLD_STOKER_NONCE=x', 'STOKER_NONCE_2=y', 'STOKER_NONCE=a=b c', 'STOKER_NONCE=2nd'],
    });
    addProcess(61, 50, { environment: ['STOKER_NONCE=a=b c', 'EMPTY='] });
    addProcess(62, 50, { environment: ['STOKER_NONCE=a=b cd'] });
    const table = createLinuxProcessTable(proc);
    expect(await table.environmentOf(60, 'STOKER_NONCE')).toBe('a=b c');
    expect(await table.environmentOf(61, 'EMPTY')).toBe('');
    expect(await table.environmentOf(61, 'MISSING')).toBeNull();
    expect(await table.environmentOf(63, 'STOKER_NONCE')).toBeNull();
    expect(await table.pidsWithEnvironment('STOKER_NONCE', 'a=b c')).toEqual(new Set([60, 61]));
  });

  test('names the parent when forked workers share its listening socket', async () => {
    addProcess(62, 60);
    addProcess(60, 50);
    addProcess(61, 60);
    for (const pid of [61, 62, 60]) symlinkSync('socket:[54321]', join(proc, String(pid), 'fd/7'));
    symlinkSync('socket:[1060]', join(proc, '61/fd/8'));
    const table = createLinuxProcessTable(proc);
    expect((await table.listenerOf(8188))?.pid).toBe(60);
    expect((await table.listenerOf(2024))?.pid).toBe(61);
    expect(await table.listenerOf(9999)).toBeNull();
  });
});
