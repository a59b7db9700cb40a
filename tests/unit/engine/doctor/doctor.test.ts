import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DoctorCheck, DoctorReportSchema } from '../../../../contract/doctor.ts';
import type { GpuSnapshot } from '../../../../contract/gpu.ts';
import { SettingsSchema } from '../../../../contract/settings.ts';
import { createDoctor, type DoctorDeps } from '../../../../engine/doctor/doctor.ts';
import { judgeRoom } from '../../../../engine/doctor/storage-checks.ts';
import { systemClock } from '../../../../engine/platform/clock.ts';
import type { ProcessInfo } from '../../../../engine/supervisor/processes/process-table.ts';
import type { CommandOutcome, RunCommand } from '../../../../engine/supervisor/processes/run-command.ts';

let home: string;
let comfyui: string;
let python: string;
let servers: Server[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'stoker-doctor-'));
  comfyui = join(home, 'ComfyUI');
  python = join(comfyui, 'venv/bin/python');
  mkdirSync(join(comfyui, 'venv/bin'), { recursive: true });
  for (const file of ['main.py', 'folder_paths.py', 'venv/bin/python']) writeFileSync(join(comfyui, file), '');
  writeFileSync(join(comfyui, 'comfyui_version.py'), '__version__ = "0.3.64"\n');
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  chmodSync(home, 0o700);
  rmSync(home, { recursive: true, force: true });
});

const NO_GPU: GpuSnapshot = { at: 0, source: 'none', gpus: [], note: 'No GPU tool answered.' };
const ONE_GPU: GpuSnapshot = {
  at: 0,
  source: 'nvidia-smi',
  note: null,
  gpus: [
    {
      id: 'GPU-1',
      index: 0,
      name: 'NVIDIA GeForce RTX 4090',
      vendor: 'nvidia',
      vramTotalBytes: 25_757_220_864,
      vramUsedBytes: null,
      vramComfyBytes: null,
      utilizationPercent: null,
      temperatureCelsius: null,
      powerWatts: null,
    },
  ],
};

const printed = (stdout: string): CommandOutcome => ({ kind: 'exited', exitCode: 0, stdout, stderr: '' });

/** A Python that answers both questions well, unless told otherwise. */
function pythonThat(overrides: { version?: CommandOutcome; torch?: CommandOutcome } = {}): RunCommand {
  const answer = { torch: '2.8.0+cu128', cuda: '12.8', hip: null, mps: false, xpu: false, gpus: 1 };
  return async (_command, [, script = '']) =>
    script.includes('torch')
      ? (overrides.torch ?? printed(`stoker-torch ${JSON.stringify(answer)}\n`))
      : (overrides.version ?? printed('3.11.7 (main, May  9 2026) [GCC 12.2.0]\n'));
}

interface Overrides extends Partial<Omit<DoctorDeps, 'settings'>> {
  readonly settings?: Record<string, unknown>;
}

async function examine({ settings = {}, ...overrides }: Overrides = {}): Promise<Map<string, DoctorCheck>> {
  const whole = SettingsSchema.parse({ installation: { folder: comfyui }, network: { port: 0 }, ...settings });
  const doctor = createDoctor({
    settings: () => whole,
    demo: false,
    dataFolder: home,
    table: { listenerOf: async () => null },
    comfyPids: async () => [],
    logTail: () => [],
    readGpu: async () => ONE_GPU,
    run: pythonThat(),
    platform: 'linux',
    environment: {},
    clock: systemClock,
    ...overrides,
  });
  const report = DoctorReportSchema.parse(await doctor.run());
  return new Map(report.checks.map((check) => [check.id, check]));
}

const outcomes = (checks: Map<string, DoctorCheck>) =>
  Object.fromEntries([...checks].map(([id, { outcome }]) => [id, outcome]));

async function listen(): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a healthy installation', () => {
  test('is reported check by check, in the order in which they matter', async () => {
    const checks = await examine({ logTail: () => ['Import times for custom nodes:', '   0.0 seconds: /a/b'] });
    expect([...checks.keys()]).toEqual([
      ...[
        'folder',
        'python',
        'torch',
        'gpu-driver',
        'port-public',
        'port-private',
        'disk',
        'data-folder',
        'custom-nodes',
      ],
    ]);
    checks.delete('disk');
    expect(new Set(Object.values(outcomes(checks)))).toEqual(new Set(['ok']));
    expect(checks.get('folder')?.finding).toBe(`${comfyui} holds ComfyUI 0.3.64.`);
    expect(checks.get('python')?.finding).toBe(`Python 3.11.7 at ${python}.`);
    expect(checks.get('gpu-driver')?.finding).toBe('NVIDIA GeForce RTX 4090 with 25.8 GB (told by nvidia-smi).');
  });

  test('is left as it was', async () => {
    await examine();
    expect(readdirSync(home)).toEqual(['ComfyUI']);
    expect(readdirSync(comfyui).sort()).toEqual(['comfyui_version.py', 'folder_paths.py', 'main.py', 'venv']);
  });

  test('is examined once for two who ask at once', async () => {
    let runs = 0;
    const settings = SettingsSchema.parse({ installation: { folder: comfyui }, network: { port: 0 } });
    const doctor = createDoctor({
      settings: () => settings,
      demo: false,
      dataFolder: home,
      table: { listenerOf: async () => null },
      comfyPids: async () => [],
      logTail: () => [],
      readGpu: async () => {
        runs += 1;
        return ONE_GPU;
      },
      run: pythonThat(),
      platform: 'linux',
      environment: {},
      clock: systemClock,
    });
    const [first, second] = await Promise.all([doctor.run(), doctor.run()]);
    expect(first).toBe(second);
    await doctor.run();
    expect(runs).toBe(2);
  });
});

describe('folder', () => {
  test('nothing chosen', async () => {
    const checks = await examine({ settings: { installation: {} } });
    expect(checks.get('folder')).toMatchObject({ outcome: 'problem', advice: expect.stringContaining('Settings') });
    expect(outcomes(checks)).toMatchObject({ python: 'skipped', torch: 'skipped' });
  });

  test('the folder around it (the portable build’s own)', async () => {
    const checks = await examine({ settings: { installation: { folder: home } } });
    expect(checks.get('folder')).toMatchObject({ outcome: 'problem', advice: `Choose ${comfyui} in Settings.` });
  });

  test('some other Python program', async () => {
    rmSync(join(comfyui, 'folder_paths.py'));
    expect((await examine()).get('folder')).toMatchObject({
      outcome: 'problem',
      finding: expect.stringContaining('not the rest'),
    });
  });

  test.each([
    ['a start command', { settings: { installation: { commandLine: 'docker run comfyui' } } }],
    ['the simulator', { demo: true }],
  ])('%s hides what it starts: nothing is run', async (_what, overrides) => {
    const run = () => Promise.reject(new Error('run'));
    const checks = await examine({ ...overrides, run });
    expect(outcomes(checks)).toMatchObject({ folder: 'skipped', python: 'skipped', torch: 'skipped' });
  });
});

describe('Python', () => {
  test.each([
    ['does not run: ENOENT', { kind: 'failed', reason: 'ENOENT' }],
    [
      'does not run: No module named encodings',
      { kind: 'exited', exitCode: 1, stdout: '', stderr: 'Fatal\nNo module named encodings\n' },
    ],
    ['does not run: exit code 3', { kind: 'exited', exitCode: 3, stdout: '', stderr: '' }],
    ['is Python 3.8.10', printed('3.8.10 (default)\n')],
    ['is Python 2.7.18', printed('2.7.18 (default)\n')],
  ] as const)('%s', async (finding, version) => {
    const check = (await examine({ run: pythonThat({ version }) })).get('python');
    expect(check).toMatchObject({ outcome: 'problem', finding: `${python} ${finding}.` });
  });

  test('that answers too late is no more than a warning', async () => {
    const run: RunCommand = async () => ({ kind: 'timedOut' });
    expect(outcomes(await examine({ run }))).toMatchObject({ python: 'warning', torch: 'warning' });
  });

  test('missing: torch is not asked', async () => {
    rmSync(python);
    expect(outcomes(await examine())).toMatchObject({ python: 'problem', torch: 'skipped' });
    const configured = join(home, 'gone/python');
    const checks = await examine({ settings: { installation: { folder: comfyui, python: configured } } });
    expect(checks.get('python')?.finding).toBe(`${configured} does not exist.`);
  });

  test('is asked with the environment ComfyUI gets, in its folder', async () => {
    const asked: unknown[] = [];
    const run: RunCommand = async (command, _args, options) => {
      asked.push([command, options.environment, options.workingFolder]);
      return { kind: 'timedOut' };
    };
    const installation = { folder: comfyui, environment: { HSA_OVERRIDE_GFX_VERSION: '11.0.0' } };
    await examine({ run, settings: { installation } });
    expect(asked).toContainEqual([python, expect.objectContaining({ HSA_OVERRIDE_GFX_VERSION: '11.0.0' }), comfyui]);
  });
});

describe('GPU driver', () => {
  test.each([
    ['warning', {}],
    ['ok', { installation: { arguments: ['--cpu'] } }],
    ['skipped', { gpu: { monitor: 'off' } }],
  ])('no GPU is a %s with %j', async (outcome, settings) => {
    expect((await examine({ settings, readGpu: async () => NO_GPU })).get('gpu-driver')).toMatchObject({ outcome });
  });
});

describe('ports (pains 21, 22)', () => {
  const nginx: ProcessInfo = { pid: 99, parentPid: 1, groupId: 99, startToken: 'x', command: 'nginx: master' };
  const held = { listenerOf: async () => nginx };

  test('a stranger on the public port is named', async () => {
    const check = (await examine({ settings: { network: { port: 8188 } }, table: held })).get('port-public');
    expect(check).toMatchObject({ outcome: 'problem', finding: 'Port 8188 is held by process 99: nginx: master' });
  });

  test('Stoker itself on the public port is well', async () => {
    const table = { listenerOf: async () => ({ ...nginx, pid: process.pid }) };
    const check = (await examine({ settings: { network: { port: 8188 } }, table })).get('port-public');
    expect(check).toMatchObject({ outcome: 'ok', finding: 'Stoker listens on 127.0.0.1:8188.' });
  });

  test('a holder that cannot be seen is noticed all the same', async () => {
    const port = await listen();
    const checks = await examine({ settings: { network: { port: 0 }, installation: { folder: comfyui, port } } });
    expect(checks.get('port-private')).toMatchObject({
      outcome: 'problem',
      finding: expect.stringContaining('another user'),
    });
  });

  test('the private port may be ComfyUI’s own, or nobody’s, but not the public one', async () => {
    const settings = { installation: { folder: comfyui, port: 52817 } };
    expect((await examine({ settings, table: held })).get('port-private')?.outcome).toBe('problem');
    expect(
      (await examine({ settings, table: held, comfyPids: async () => [98, 99] })).get('port-private')?.outcome,
    ).toBe('ok');
    const same = { network: { port: 52817 }, installation: { folder: comfyui, port: 52817 } };
    expect((await examine({ settings: same, table: held })).get('port-private')?.finding).toContain(
      'is the public one',
    );
  });
});

describe('storage', () => {
  test.each([
    ['ok', 250e9, '250 GB'],
    ['warning', 6.2e9, '6.2 GB'],
    ['problem', 0.4e9, '0.4 GB'],
  ])('%s with %d bytes free', (outcome, freeBytes, words) => {
    expect(judgeRoom({ folder: '/data', freeBytes })).toMatchObject({
      outcome,
      finding: `${words} are free on the disk of /data.`,
    });
  });

  test('a folder that will be made later counts where its parent is', async () => {
    const outputDirectory = join(home, 'not/yet/made');
    const checks = await examine({ settings: { installation: { folder: comfyui, outputDirectory } } });
    expect(checks.get('disk')?.finding).toMatch(/GB are free on the disk of/);
  });

  test('a data folder that cannot be written is a problem', async () => {
    const checks = await examine({ dataFolder: join(home, 'ComfyUI/main.py') });
    expect(checks.get('data-folder')).toMatchObject({
      outcome: 'problem',
      finding: expect.stringContaining('ENOTDIR'),
    });
  });
});

describe('custom nodes', () => {
  test('that failed are named with ComfyUI’s words and the Python to repair them', async () => {
    const logTail = () => [
      'Cannot import /c/custom_nodes/Impact module for custom nodes: No module named ultralytics',
      'Import times for custom nodes:',
      '   0.0 seconds (IMPORT FAILED): /c/custom_nodes/Impact',
    ];
    expect((await examine({ logTail })).get('custom-nodes')).toEqual({
      id: 'custom-nodes',
      title: 'Custom nodes',
      outcome: 'warning',
      finding: 'Not imported at the last start: Impact (No module named ultralytics).',
      advice: expect.stringContaining(`${python} -m pip install`),
    });
  });

  test('are not judged before a start', async () => {
    expect((await examine()).get('custom-nodes')?.outcome).toBe('skipped');
  });
});

describe('a check that goes wrong', () => {
  test('spoils no other', async () => {
    const checks = await examine({ readGpu: () => Promise.reject(new Error('driver library mismatch')) });
    expect(checks.get('gpu-driver')).toMatchObject({
      outcome: 'warning',
      finding: 'This could not be examined: driver library mismatch',
    });
    expect(checks.get('python')?.outcome).toBe('ok');
  });

  test('is given up after 20 s', async () => {
    const limits: [number, () => void][] = [];
    const clock: DoctorDeps['clock'] = {
      now: () => 0,
      after: (delayMs, callback) => {
        limits.push([delayMs, callback]);
        return () => undefined;
      },
    };
    const examined = examine({ clock, readGpu: () => new Promise(() => undefined) });
    expect(new Set(limits.map(([delayMs]) => delayMs))).toEqual(new Set([20_000]));
    // The limit of the check that hangs, the fourth.
    limits[3]?.[1]();
    expect((await examined).get('gpu-driver')).toMatchObject({
      outcome: 'warning',
      finding: 'There was no answer within 20 s.',
    });
  });
});
