import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { LogLine } from '../../../contract/events.ts';
import { StatusSchema } from '../../../contract/status.ts';
import type { Failure } from '../../../contract/supervisor-state.ts';
import { builtCli, endCliProcesses, runCli, startCli, startProgram } from '../../support/cli-process.ts';
import { exampleError, exampleStatus, type FakeEngine, startFakeEngine } from '../../support/fake-engine.ts';

const KeepAwakeUntilSchema = z.object({ until: z.string() });

let engine: FakeEngine;

beforeEach(async () => {
  engine = await startFakeEngine();
});
afterEach(async () => {
  endCliProcesses();
  await engine.close();
});

const run = (...words: string[]) => runCli([...words, '--data-dir', engine.dataFolder]);
const line = (sequence: number, text: string): LogLine => ({ sequence, at: 0, text, level: 'info' });

describe('status', () => {
  test('shows the state, why, and what comes next, with the VRAM of this moment', async () => {
    engine.answer('GET /manager/status', () => ({ body: exampleStatus() }));
    engine.greet('gpu', { at: 0, source: 'nvidia-smi', gpus: [], note: 'measured long ago' });
    engine.greet('gpu', { at: Date.now(), source: 'nvidia-smi', gpus: [], note: 'measured for this' });
    const { code, stdout, stderr } = await run('status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ComfyUI {2}asleep for /);
    expect(stdout).toContain('Asleep: nothing needed it for the idle time.');
    expect(stdout).toContain('measured for this');
  });

  test('--json is the answer of the API and nothing else', async () => {
    engine.answer('GET /manager/status', () => ({ body: exampleStatus() }));
    const { stdout } = await run('status', '--json');
    expect(StatusSchema.parse(JSON.parse(stdout))).toEqual(exampleStatus());
    expect(engine.seen.map(({ path }) => path)).toEqual(['/manager/status']);
  });
});

describe('finding the engine', () => {
  test('a folder that no engine runs on: exit 3 and what to do', async () => {
    const { code, stdout, stderr } = await runCli(['status', '--data-dir', join(engine.dataFolder, 'other')]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe(
      `No Stoker engine runs on the data folder ${join(engine.dataFolder, 'other')}.\nStart it with "stoker serve".\n`,
    );
  });

  test('an engine that was killed: exit 3', async () => {
    const lock = { pid: 2 ** 22 + 1, startToken: 't', nonce: 'n', since: new Date().toISOString(), url: engine.url };
    writeFileSync(join(engine.dataFolder, 'engine.lock'), JSON.stringify(lock));
    const { code, stderr } = await run('status');
    expect(code).toBe(3);
    expect(stderr).toContain('is gone');
  });

  test('an engine that does not listen yet: exit 3', async () => {
    const lock = { pid: process.pid, startToken: 't', nonce: 'n', since: new Date().toISOString(), url: null };
    writeFileSync(join(engine.dataFolder, 'engine.lock'), JSON.stringify(lock));
    const { code, stderr } = await run('status');
    expect(code).toBe(3);
    expect(stderr).toContain('is starting and does not listen yet');
  });

  test('an address nobody answers at: exit 3, as JSON when asked', async () => {
    const { code, stdout, stderr } = await runCli(['status', '--url', 'http://127.0.0.1:1', '--json']);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ source: 'stoker', error: { code: 'engine_not_running' } });
  });

  test('a bare ComfyUI at the address is not taken for Stoker: exit 3', async () => {
    const stranger = createServer((_, response) => response.writeHead(404).end('<html>')).listen(0, '127.0.0.1');
    await new Promise((listening) => stranger.once('listening', listening));
    const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    const { code, stderr } = await runCli(['status', '--url', url]);
    stranger.close();
    expect(code).toBe(3);
    expect(stderr).toContain(`What answers at ${url} is not a Stoker of this version`);
  });

  test('by its address, as people paste it', async () => {
    engine.answer('GET /manager/status', () => ({ body: exampleStatus() }));
    const { code } = await runCli(['status', '--json', '--url', `${engine.url.replace('http://', '')}/manager`]);
    expect(code).toBe(0);
  });
});

describe('the token', () => {
  const token = 'a-secret-of-enough-length';
  beforeEach(() => {
    engine.answer('GET /manager/status', () => ({ body: exampleStatus() }));
    writeFileSync(join(engine.dataFolder, 'settings.json'), JSON.stringify({ network: { token } }));
  });
  const sent = () => engine.seen.at(-1)?.authorization;

  test('comes from the settings of the data folder', async () => {
    await run('status', '--json');
    expect(sent()).toBe(`Bearer ${token}`);
  });

  test('comes from the environment first', async () => {
    await runCli(['status', '--json', '--data-dir', engine.dataFolder], {
      STOKER_NETWORK_TOKEN: 'another-secret-token',
    });
    expect(sent()).toBe('Bearer another-secret-token');
  });

  test('of this computer is not sent to an address that was typed', async () => {
    await runCli(['status', '--json', '--url', engine.url, '--data-dir', engine.dataFolder]);
    expect(sent()).toBeNull();
  });

  test('that is refused says how to give one', async () => {
    engine.answer('GET /manager/status', () => exampleError('token_required', 'An access token is required.'));
    const { code, stderr } = await run('status');
    expect(code).toBe(1);
    expect(stderr).toContain('An access token is required.\n');
  });
});

describe('start', () => {
  const failure: Failure = {
    code: 'exited_early',
    message: 'ComfyUI ended with exit code 1 while it imported custom nodes.',
    exitCode: 1,
    signal: null,
    suspect: 'lab_broken',
    offerWithoutCustomNodes: true,
    logTail: ['Traceback (most recent call last):', 'ModuleNotFoundError: No module named "torch"'],
  };

  test('says where ComfyUI runs', async () => {
    const running = exampleStatus({ state: 'running', pid: 4242, port: 5000 });
    engine.answer('POST /manager/start', () => ({ body: running }));
    const { code, stdout, stderr } = await run('start', '--without-custom-nodes');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ComfyUI runs at http:\/\/127\.0\.0\.1:8188 \(pid 4242, ready after \d+ s\)\.\n$/);
    expect(engine.seen).toMatchObject([{ method: 'POST', body: { withoutCustomNodes: true } }]);
  });

  test('that fails: exit 4, the reason and the last log lines', async () => {
    engine.answer('POST /manager/start', () => exampleError('exited_early', failure.message, { ...failure }));
    const { code, stdout, stderr } = await run('start');
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain(failure.message);
    for (const printed of failure.logTail) expect(stderr).toContain(`  ${printed}\n`);
    expect(stderr).toContain('starting without custom nodes');
  });

  test('that fails with --json: the error body on standard output', async () => {
    engine.answer('POST /manager/start', () => exampleError('gave_up', failure.message, { ...failure }));
    const { code, stdout } = await run('start', '--json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ source: 'stoker', error: { code: 'gave_up' } });
  });

  test('shows the boot phases live on a terminal', async () => {
    let finish: () => void = () => undefined;
    const booted = new Promise<void>((resolve) => {
      finish = resolve;
    });
    engine.answer('POST /manager/start', async () => {
      await booted;
      return { body: exampleStatus({ state: 'running', pid: 1, port: 2 }) };
    });
    const words = [process.execPath, builtCli(), 'start', '--data-dir', engine.dataFolder].join(' ');
    const terminal = startProgram('script', ['-qefc', words, '/dev/null'], { TERM: 'xterm' });
    await engine.untilStreams(1);
    const boot = { detail: 'ComfyUI-Manager', elapsedSeconds: 12, expectedSeconds: 20, attempt: 1 } as const;
    engine.emit('status', exampleStatus({ state: 'starting', boot: { phase: 'customNodes', ...boot } }));
    await terminal.untilPrinted('Starting ComfyUI: loading custom nodes (ComfyUI-Manager), 12 s of about 20 s');
    finish();
    await terminal.untilPrinted('ComfyUI runs at');
    expect((await terminal.ended).code).toBe(0);
  });
});

describe('stop and restart', () => {
  beforeEach(() => {
    for (const route of ['stop', 'restart'] as const) {
      engine.answer(`POST /manager/${route}`, () => ({ body: exampleStatus({ pid: 1 }) }));
    }
  });

  test.each([
    [['stop'], { force: false }],
    [['stop', '--force'], { force: true }],
    [['stop', '--when-done'], { whenDone: true }],
    [['restart', '--force'], { force: true, withoutCustomNodes: false }],
  ])('%j asks for %j', async (words, body) => {
    expect((await run(...words)).code).toBe(0);
    expect(engine.seen).toMatchObject([{ body }]);
  });

  test('refuses to lose work: exit 5 and what to do', async () => {
    engine.answer('POST /manager/stop', () =>
      exampleError('work_in_progress', 'ComfyUI has work: 1 running, 3 waiting. Ending it now would break that off.'),
    );
    const { code, stderr } = await run('stop');
    expect(code).toBe(5);
    expect(stderr).toBe(
      'ComfyUI has work: 1 running, 3 waiting. Ending it now would break that off.\n' +
        'Wait, use "stoker stop --when-done", or repeat with --force: what runs begins anew later.\n',
    );
  });

  test('--force and --when-done exclude each other: exit 2', async () => {
    const { code, stderr } = await run('stop', '--force', '--when-done');
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be used with');
    expect(engine.seen).toEqual([]);
  });
});

describe('keep-awake', () => {
  beforeEach(() => engine.answer('POST /manager/keep-awake', () => ({ body: exampleStatus() })));

  test.each([
    ['1h30m', { seconds: 5400 }],
    ['off', { off: true }],
  ])('%s asks for %j', async (time, body) => {
    expect((await run('keep-awake', time)).code).toBe(0);
    expect(engine.seen).toMatchObject([{ body }]);
  });

  test('until-tomorrow is seven in the morning here', async () => {
    await run('keep-awake', 'until-tomorrow');
    const { until } = KeepAwakeUntilSchema.parse(engine.seen[0]?.body);
    expect(new Date(until).getHours()).toBe(7);
    expect(Date.parse(until)).toBeGreaterThan(Date.now());
  });

  test.each(['soon', '0m', '8d', ''])('"%s" is not a time: exit 2', async (time) => {
    const { code, stderr } = await run('keep-awake', time);
    expect(code).toBe(2);
    expect(stderr).toContain('Use 30m, 1h30m or 2d');
  });
});

test('free asks for it', async () => {
  engine.answer('POST /manager/free', () => ({ body: exampleStatus() }));
  expect((await run('free')).code).toBe(0);
});

test('doctor prints each finding and exits 1 for a problem', async () => {
  const checks = [
    { id: 'python', title: 'Python', outcome: 'ok', finding: '3.11.7', advice: null },
    { id: 'disk', title: 'Disk', outcome: 'problem', finding: '12 MB free', advice: 'Free some space.' },
  ];
  engine.answer('GET /manager/doctor', () => ({ body: { at: 0, checks } }));
  const { code, stdout } = await run('doctor');
  expect(code).toBe(1);
  expect(stdout).toBe('ok       Python: 3.11.7\nproblem  Disk: 12 MB free\n         → Free some space.\n');
});

describe('logs', () => {
  beforeEach(() =>
    engine.answer('GET /manager/logs', () => ({ body: { lines: [line(1, 'one'), line(2, 'two')], file: null } })),
  );
  const follow = (...words: string[]) => startCli(['logs', '-f', ...words, '--data-dir', engine.dataFolder]);

  test('prints the lines, as many as asked for', async () => {
    const { code, stdout } = await run('logs', '-n', '2', '--search', 'o');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'one\ntwo\n' });
    expect(engine.seen).toMatchObject([{ query: { lines: '2', search: 'o' } }]);
  });

  test.each(['0', '1.5', 'all'])('-n %s: exit 2', async (count) => {
    expect((await run('logs', '-n', count)).code).toBe(2);
  });

  test('-f goes on with new lines, tells none twice, and Ctrl-C is exit 0', async () => {
    const cli = follow();
    await engine.untilStreams(1);
    engine.emit('log', [line(1, 'one'), line(2, 'two'), line(3, 'three')]);
    engine.emit('log', [line(4, 'four')]);
    await cli.untilPrinted('four');
    cli.child.kill('SIGINT');
    expect(await cli.ended).toEqual({ code: 0, signal: null, stdout: 'one\ntwo\nthree\nfour\n', stderr: '' });
  });

  test('-f --search leaves out what does not match; --json is a line of JSON each', async () => {
    const cli = follow('--search', 'FIVE', '--json');
    await engine.untilStreams(1);
    engine.emit('log', [line(3, 'three'), line(5, 'five')]);
    await cli.untilPrinted('five');
    cli.child.kill('SIGINT');
    const printed = (await cli.ended).stdout.trim().split('\n');
    expect(printed.map((text) => JSON.parse(text).sequence)).toEqual([1, 2, 5]);
  });

  test('-f ends with exit 3 when the engine stops', async () => {
    const cli = follow();
    await engine.untilStreams(1);
    engine.endStreams();
    const { code, stderr } = await cli.ended;
    expect(code).toBe(3);
    expect(stderr).toContain('has stopped');
  });

  test('a reader that goes away is not an error', async () => {
    const many = Array.from({ length: 9000 }, (_, index) => line(index + 1, 'x'.repeat(100)));
    engine.answer('GET /manager/logs', () => ({ body: { lines: many, file: null } }));
    const words = `"${process.execPath}" "${builtCli()}" logs --data-dir "${engine.dataFolder}"`;
    const shell = startProgram('bash', ['-c', `set -o pipefail; ${words} | head -n 1 | wc -l`]);
    expect(await shell.ended).toMatchObject({ code: 0, stdout: '1\n', stderr: '' });
  });
});

describe('the command line itself', () => {
  test('--help names every command and every exit code', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const name of ['serve', 'start', 'stop', 'restart', 'status', 'logs', 'keep-awake', 'free', 'doctor']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    for (const exitCode of [0, 1, 2, 3, 4, 5]) expect(stdout).toMatch(new RegExp(`^  ${exitCode}  `, 'm'));
  });

  test.each([
    [['wake']],
    [['status', '--loud']],
    [['keep-awake']],
    [['serve', '--port', '70000']],
    [['status', '--url', 'http://']],
  ])('%j is a usage error: exit 2', async (words) => {
    const { code, stdout } = await runCli(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('--version is the version of the package', async () => {
    expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
