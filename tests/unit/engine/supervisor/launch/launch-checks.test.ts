import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettingsSchema } from '../../../../../contract/settings.ts';
import { type LaunchSurroundings, prepareLaunch } from '../../../../../engine/supervisor/launch/launch-checks.ts';

let root: string;
let comfy: string;
const servers = new Set<Server>();

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stoker-checks-'));
  comfy = join(root, 'ComfyUI');
  mkdirSync(join(comfy, 'venv/bin'), { recursive: true });
  writeFileSync(join(comfy, 'main.py'), '');
  writeFileSync(join(comfy, 'venv/bin/python'), '#!/bin/sh\n', { mode: 0o755 });
});
afterEach(() => {
  for (const server of servers) server.close();
  servers.clear();
  rmSync(root, { recursive: true, force: true });
});

const prepare = (installation: object, over: Partial<LaunchSurroundings> = {}) =>
  prepareLaunch(
    SettingsSchema.parse({ installation }).installation,
    { nonce: 'nonce', withoutCustomNodes: false },
    {
      platform: process.platform,
      environment: { PATH: join(root, 'bin') },
      currentFolder: root,
      processTable: { listenerOf: async () => null },
      ...over,
    },
  );
const problem = (installation: object, over: Partial<LaunchSurroundings> = {}) =>
  prepare(installation, over).then(
    () => 'none',
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

async function listen(host: string): Promise<number> {
  const server = createServer();
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('prepareLaunch', () => {
  it('plans the start of a folder that has all it needs, on a free port', async () => {
    const { plan, host, port } = await prepare({ folder: comfy });
    expect(plan.command).toBe(join(comfy, 'venv/bin/python'));
    expect(plan.args).toContain(String(port));
    expect(host).toBe('127.0.0.1');
  });

  it('makes the workflows link in the user folder of ComfyUI', async () => {
    await prepare({ folder: comfy, workflowsFolder: join(root, 'project') });
    expect(lstatSync(join(comfy, 'user/default/workflows')).isSymbolicLink()).toBe(true);
  });

  it('makes it in the user folder of the settings', async () => {
    await prepare({ folder: comfy, workflowsFolder: join(root, 'project'), userDirectory: join(root, 'user') });
    expect(lstatSync(join(root, 'user/default/workflows')).isSymbolicLink()).toBe(true);
  });

  it('finds a bare command in PATH, and says when it may not be executed', async () => {
    mkdirSync(join(root, 'bin'));
    writeFileSync(join(root, 'bin/start-comfy'), '#!/bin/sh\n', { mode: 0o755 });
    expect((await prepare({ commandLine: 'start-comfy' })).plan.command).toBe('start-comfy');
    chmodSync(join(root, 'bin/start-comfy'), 0o644);
    expect(await problem({ commandLine: 'start-comfy' })).toMatch(/^command_not_found: .*may not be executed/);
  });

  it('refuses a batch file, which only a shell can run', async () => {
    writeFileSync(join(root, 'run_nvidia_gpu.bat'), '');
    expect(await problem({ commandLine: './run_nvidia_gpu.bat' }, { platform: 'win32' })).toMatch(
      /^command_not_found: .*batch file.*Python command inside it/,
    );
  });

  it('says that the working folder is missing, before the command is blamed for it', async () => {
    expect(await problem({ folder: comfy, workingFolder: join(root, 'nowhere') })).toMatch(
      /^folder_invalid: .*nowhere/,
    );
  });

  it('says that no Python is there', async () => {
    rmSync(join(comfy, 'venv'), { recursive: true });
    expect(await problem({ folder: comfy })).toMatch(/^python_missing: No Python was found/);
  });

  it.each(['127.0.0.1', '0.0.0.0'])('sees that a private port is taken on %s', async (host) => {
    const port = await listen(host);
    expect(await problem({ folder: comfy, port })).toMatch(/^private_port_taken: .*another program already does/);
  });

  it('names who holds the port, but not the arguments it was given', async () => {
    const port = await listen('127.0.0.1');
    const holder = { pid: 7, parentPid: 1, groupId: 7, startToken: 't', command: '/usr/bin/other --api-key secret' };
    const text = await problem({ folder: comfy, port }, { processTable: { listenerOf: async () => holder } });
    expect(text).toContain('process 7 (other)');
    expect(text).not.toContain('secret');
  });
});
