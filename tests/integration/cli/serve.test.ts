/** The command line and the engine together, as a person uses them: the built product, with the simulator. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StatusSchema } from '../../../contract/status.ts';
import { type CliProcess, endCliProcesses, runCli, startCli } from '../../support/cli-process.ts';

let folder: string;
let engines: CliProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-serve-'));
  engines = [];
});
afterEach(async () => {
  // SIGTERM first, so that the engine ends its simulator.
  for (const { child } of engines) child.kill('SIGTERM');
  await Promise.all(engines.map(({ ended }) => ended));
  endCliProcesses();
  rmSync(folder, { recursive: true, force: true });
});

function serve(
  words: readonly string[] = ['--data-dir', folder],
  environment: Record<string, string> = {},
): CliProcess {
  const engine = startCli(['serve', '--demo', '--port', '0', ...words], environment);
  engines.push(engine);
  return engine;
}
const run = (...words: string[]) => runCli([...words, '--data-dir', folder]);

describe('serve', () => {
  test('prints one line when it listens, and nothing else', async () => {
    const engine = serve();
    await engine.untilPrinted('/manager\n');
    engine.child.kill('SIGTERM');
    const { code, stdout, stderr } = await engine.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Stoker ready: http:\/\/127\.0\.0\.1:\d+\/manager\n$/);
    expect(existsSync(join(folder, 'engine.lock'))).toBe(false);
  });

  test.each(['SIGINT', 'SIGHUP'] as const)('%s ends it cleanly as well', async (signal) => {
    const engine = serve();
    await engine.untilPrinted('/manager\n');
    engine.child.kill(signal);
    expect((await engine.ended).code).toBe(0);
  });

  test('works on when nobody reads its output any more', async () => {
    const engine = serve();
    await engine.untilPrinted('/manager\n');
    engine.child.stdout?.destroy();
    engine.child.stderr?.destroy();
    expect((await run('status')).code).toBe(0);
  });

  test('a demo without a folder of its own is found by the other commands', async () => {
    const home = { XDG_DATA_HOME: folder, LOCALAPPDATA: folder, HOME: folder };
    const engine = serve([], home);
    await engine.untilPrinted('/manager\n');
    const { code, stdout } = await runCli(['status', '--json'], home);
    expect(code).toBe(0);
    expect(StatusSchema.parse(JSON.parse(stdout)).engine).toMatchObject({ demo: true, pid: engine.child.pid });
  });
});

describe('what keeps it from serving', () => {
  test('another engine on the folder: exit 1, naming it', async () => {
    const first = serve();
    await first.untilPrinted('/manager\n');
    const { code, stdout, stderr } = await serve().ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(`^Another Stoker \\(process ${first.child.pid}, http://127\\.0\\.0\\.1:\\d+/manager\\) already uses`),
    );
    expect(stderr).toContain('choose another with --data-dir');
  });

  test('a port that is taken: exit 1, and another can be chosen', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => stranger.once('listening', listening));
    const address = stranger.address();
    const port = String(typeof address === 'object' ? address?.port : 0);
    const { code, stdout, stderr } = await serve(['--data-dir', folder, '--port', port]).ended;
    stranger.close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(port);
    expect(stderr).toContain('choose another port with --port');
    expect(existsSync(join(folder, 'engine.lock'))).toBe(false);
  });

  test('an address that others reach, without a token: exit 1', async () => {
    const { code, stderr } = await serve(['--data-dir', folder, '--host', '0.0.0.0']).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('STOKER_NETWORK_TOKEN');
  });

  test('a data folder that is a file: exit 1, in words', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await serve(['--data-dir', file]).ended;
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Stoker cannot write ${file}: a file stands where the folder should be (EEXIST).\n` +
        'Make the folder writable, free some disk space, or choose another with --data-dir.\n',
    );
  });
});

test('a whole evening: start, look, keep awake, stop', async () => {
  await serve().untilPrinted('/manager\n');
  expect((await run('start')).stdout).toMatch(/^ComfyUI runs at http:\/\/127\.0\.0\.1:\d+ \(pid \d+, ready after /);
  const running = await run('status');
  expect(running.stdout).toMatch(/^ComfyUI {2}running for /);
  expect(running.stdout).toContain('(demo)');
  expect((await run('logs', '-n', '5')).stdout.split('\n').length).toBeGreaterThan(1);
  expect((await run('keep-awake', '1h')).stdout).toMatch(/^No idle stop until /);
  expect((await run('keep-awake', 'off')).stdout).toBe('ComfyUI may sleep again.\n');
  expect((await run('free')).code).toBe(0);
  expect(JSON.parse((await run('doctor', '--json')).stdout).checks).not.toEqual([]);
  expect((await run('stop')).stdout).toBe('ComfyUI is stopped.\n');
  expect(StatusSchema.parse(JSON.parse((await run('status', '--json')).stdout)).state).toBe('stopped');
});

test('with a token set, the commands on this computer bring it along', async () => {
  const token = 'a-secret-of-enough-length';
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ network: { token } }));
  await serve().untilPrinted('/manager\n');
  expect((await run('status')).code).toBe(0);
  rmSync(join(folder, 'secrets.json'));
  const { code, stderr } = await run('status');
  expect(code).toBe(1);
  expect(stderr).toContain('token');
});
