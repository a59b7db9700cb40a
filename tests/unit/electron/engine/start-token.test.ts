import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createStartTokenOf } from '../../../../electron/engine/start-token.ts';
import { createLinuxProcessTable } from '../../../../engine/supervisor/processes/process-table-linux.ts';
import { parsePs } from '../../../../engine/supervisor/processes/process-table-macos.ts';
import { listScript, parseCimProcesses } from '../../../../engine/supervisor/processes/process-table-windows.ts';

const none = { read: () => null, run: async () => null };

describe('the token of a process is the one the engine writes into its lock', () => {
  it.runIf(process.platform === 'linux')('on Linux, from the same kernel', async () => {
    const token = await createStartTokenOf('linux')(process.pid);
    expect(token).not.toBeNull();
    expect(token).toBe((await createLinuxProcessTable().find(process.pid))?.startToken);
  });

  it('on macOS, from the same ps', async () => {
    const started = 'Thu Nov  5 06:07:08 2026';
    const asked: (readonly string[])[] = [];
    const tokenOf = createStartTokenOf('darwin', {
      read: () => null,
      async run(command, args, environment) {
        asked.push([command, ...args, String(environment.TZ)]);
        return `Ss   ${started}    \n`;
      },
    });
    const [engine] = parsePs(`42 1 42 Ss ${started} /usr/local/bin/node main.js`);
    expect(await tokenOf(42)).toBe(engine?.startToken);
    expect(asked).toEqual([['ps', '-o', 'stat=,lstart=', '-p', '42', 'UTC']]);
  });

  it('on Windows, from the same creation date', async () => {
    const tokenOf = createStartTokenOf('win32', { read: () => null, run: async () => '133769999999999999\r\n' });
    const [engine] = parseCimProcesses(
      JSON.stringify({ pid: 42, parentPid: 1, started: '133769999999999999', command: 'node' }),
    );
    expect(await tokenOf(42)).toBe(engine?.startToken);
    expect(listScript(42)).toContain('CreationDate.ToFileTimeUtc().ToString()');
  });
});

describe('no token', () => {
  it('for a process that ended', async () => {
    const child = spawn('true');
    const { pid } = child;
    await once(child, 'exit');
    expect(await createStartTokenOf(process.platform)(pid ?? 0)).toBeNull();
  });

  it('for a zombie: nothing is left of it but its exit code', async () => {
    const stat = (state: string) => `7 (a) b) ${state} 1 7 7 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 555 0`;
    const tokenOf = (state: string) =>
      createStartTokenOf('linux', { ...none, read: (path) => (path.endsWith('stat') ? stat(state) : 'boot\n') });
    expect(await tokenOf('S')(7)).toBe('boot/555/7');
    expect(await tokenOf('Z')(7)).toBeNull();
    const mac = createStartTokenOf('darwin', { ...none, run: async () => 'Z+ Thu Nov 5 06:07:08 2026' });
    expect(await mac(7)).toBeNull();
  });

  it('where the system does not answer', async () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(await createStartTokenOf(platform, none)(7)).toBeNull();
    }
  });
});
