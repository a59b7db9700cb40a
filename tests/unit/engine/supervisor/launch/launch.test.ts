import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../../../../../contract/settings.ts';
import {
  fixedPort,
  type LaunchChoices,
  planLaunch,
  readTarget,
} from '../../../../../engine/supervisor/launch/launch.ts';

const choices: LaunchChoices = {
  port: 41_000,
  python: '/opt/ComfyUI/venv/bin/python',
  nonce: 'a-nonce',
  withoutCustomNodes: false,
  inherited: { PATH: '/usr/bin', STOKER_NETWORK_TOKEN: 'secret', LANG: 'C.UTF-8' },
};

const settingsOf = (installation: object) => SettingsSchema.parse({ installation }).installation;
const targetOf = (installation: object) => readTarget(settingsOf(installation), '/home/user', 'linux');
const planOf = (installation: object, over: Partial<LaunchChoices> = {}) =>
  planLaunch(settingsOf(installation), targetOf(installation), { ...choices, ...over });

describe('planLaunch for a folder', () => {
  it('starts main.py with the Python of the folder, on the private address', () => {
    expect(planOf({ folder: '/opt/ComfyUI' })).toMatchObject({
      command: '/opt/ComfyUI/venv/bin/python',
      args: ['/opt/ComfyUI/main.py', '--listen', '127.0.0.1', '--port', '41000'],
      cwd: '/opt/ComfyUI',
    });
  });

  it('passes folders and the arguments of the user, and keeps the port its own', () => {
    const { args } = planOf({
      folder: '/opt/ComfyUI',
      inputDirectory: '/data/in',
      outputDirectory: '/data/out',
      userDirectory: '/data/user',
      extraModelPathsConfig: '/data/models.yaml',
      arguments: ['--listen', '0.0.0.0', '--preview-method', 'auto'],
    });
    expect(args).toEqual([
      ...['/opt/ComfyUI/main.py', '--listen', '127.0.0.1'],
      ...['--input-directory', '/data/in', '--output-directory', '/data/out', '--user-directory', '/data/user'],
      ...['--extra-model-paths-config', '/data/models.yaml', '--listen', '0.0.0.0', '--preview-method', 'auto'],
      ...['--port', '41000'],
    ]);
  });

  it('runs the embedded Python of the portable build apart from the packages of the user', () => {
    const { args } = planOf({ folder: '/c/ComfyUI' }, { python: '/c/python_embeded/python.exe' });
    expect(args.slice(0, 2)).toEqual(['-s', '/c/ComfyUI/main.py']);
  });

  it('works in another folder when told to', () => {
    expect(planOf({ folder: '/opt/ComfyUI', workingFolder: '/data' })).toMatchObject({
      cwd: '/data',
      args: expect.arrayContaining(['/opt/ComfyUI/main.py']),
    });
  });

  it('leaves custom nodes out when asked, once', () => {
    const { args } = planOf(
      { folder: '/opt/ComfyUI', arguments: ['--disable-all-custom-nodes'] },
      { withoutCustomNodes: true },
    );
    expect(args.filter((argument) => argument === '--disable-all-custom-nodes')).toHaveLength(1);
  });

  it('takes the port that the arguments of the user fix', () => {
    const installation = { folder: '/opt/ComfyUI', arguments: ['--port', '9999'] };
    expect(fixedPort(settingsOf(installation), targetOf(installation))).toBe(9999);
  });
});

describe('planLaunch for a command line', () => {
  it('adds the port when the command does not know it', () => {
    expect(planOf({ commandLine: 'python main.py --cpu', folder: '/opt/ComfyUI' })).toMatchObject({
      command: 'python',
      args: ['main.py', '--cpu', '--port', '41000'],
      cwd: '/opt/ComfyUI',
    });
  });

  it('fills in host and port where the command wants them', () => {
    const { args } = planOf({ commandLine: 'python main.py --listen {host} --port={port}' });
    expect(args).toEqual(['main.py', '--listen', '127.0.0.1', '--port=41000']);
  });

  it.each([
    ['python main.py --port 8199', null, 8199],
    ['python main.py --port=8199', null, 8199],
    ['python main.py', 8200, 8200],
    ['python main.py --port 8199', 8200, 8200],
    ['python main.py --port {port}', null, null],
    ['python main.py', null, null],
  ])('%s with the private port %s listens on %s', (commandLine, port, expected) => {
    const installation = { commandLine, port };
    expect(fixedPort(settingsOf(installation), targetOf(installation))).toBe(expected);
  });

  it('adds nothing to a command whose port is set: it may not be called --port there', () => {
    expect(planOf({ commandLine: 'comfy launch', port: 8200 }, { port: 8200 }).args).toEqual(['launch']);
  });

  it('finds a relative program from the working folder', () => {
    expect(planOf({ commandLine: './run.sh', workingFolder: '/opt/comfy' }).command).toBe('/opt/comfy/run.sh');
  });

  it('works where Stoker was started when no folder is set', () => {
    expect(planOf({ commandLine: 'python main.py' }).cwd).toBe('/home/user');
  });

  it.each(['python main.py | tee log', '"python', 'A=1'])('refuses %s as a wrong setting', (commandLine) => {
    expect(() => targetOf({ commandLine })).toThrowError(expect.objectContaining({ code: 'invalid_settings' }));
  });
});

describe('the environment of ComfyUI', () => {
  it('is ours with output unbuffered, the nonce, and what the settings and the command add', () => {
    const { env } = planOf({ commandLine: 'A=command python main.py', environment: { A: 'settings', B: 'settings' } });
    expect(env).toEqual({
      PATH: '/usr/bin',
      LANG: 'C.UTF-8',
      PYTHONUNBUFFERED: '1',
      PYTHONIOENCODING: 'utf-8',
      A: 'command',
      B: 'settings',
      STOKER_NONCE: 'a-nonce',
    });
  });

  it('does not hold the access token: custom nodes are other people’s code', () => {
    expect(JSON.stringify(planOf({ folder: '/opt/ComfyUI' }).env)).not.toContain('secret');
  });
});

it('readTarget says that nothing is configured', () => {
  expect(() => targetOf({})).toThrowError(expect.objectContaining({ code: 'not_configured' }));
});
