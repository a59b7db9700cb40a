import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../../../engine/platform/clock.ts';
import {
  findInstallations,
  type InstallationsDeps,
} from '../../../../../engine/supervisor/installations/installations.ts';
import { diskFiles, type InstallationFiles } from '../../../../../engine/supervisor/installations/places.ts';
import type { ProcessInfo } from '../../../../../engine/supervisor/processes/process-table.ts';
import { waitFor } from '../../../../support/real-processes.ts';

let home: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'stoker-höme-')));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(path: string, text = ''): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A ComfyUI in this folder below the home, with an interpreter at each path below the home. */
function comfyui(folder: string, ...interpreters: string[]): string {
  put(join(folder, 'main.py'));
  put(join(folder, 'folder_paths.py'));
  put(join(folder, 'comfyui_version.py'), '# generated\n__version__ = "0.3.64"\n');
  for (const interpreter of interpreters) put(interpreter);
  return join(home, folder);
}

/** The disk as far as it lies below the test's home: what the machine of the test has elsewhere does not count. */
function filesBelowHome(): InstallationFiles {
  const inside = (path: string) => path.startsWith(`${home}/`) || path === home;
  return {
    readText: async (path) => (inside(path) ? diskFiles.readText(path) : null),
    isFile: async (path) => inside(path) && diskFiles.isFile(path),
    folderNames: async (path) => (inside(path) ? diskFiles.folderNames(path) : []),
    realPath: async (path) => (inside(path) ? diskFiles.realPath(path) : null),
  };
}

function find(overrides: Partial<InstallationsDeps> = {}) {
  return findInstallations({
    platform: 'linux',
    home,
    environment: {},
    files: filesBelowHome(),
    table: { list: async () => [], environmentOf: async () => null },
    clock: systemClock,
    configured: { folder: null, python: null },
    ...overrides,
  });
}

describe('a clone with its environment', () => {
  test.each([
    ['ComfyUI', 'ComfyUI/venv/bin/python'],
    ['ComfyUI', 'ComfyUI/.venv/bin/python'],
    ['comfy/ComfyUI', 'comfy/.venv/bin/python'],
    ['Documents/ComfyUI', 'Documents/ComfyUI/venv/bin/python'],
  ])('in %s with %s', async (folder, interpreter) => {
    const path = comfyui(folder, interpreter);
    expect(await find()).toEqual([
      { kind: 'git', folder: path, python: join(home, interpreter), version: '0.3.64', note: null },
    ]);
  });

  test('without environment is offered without Python', async () => {
    comfyui('src/ComfyUI');
    expect(await find()).toMatchObject([{ python: null }]);
  });

  test('tells no version where none is written, and an older one from pyproject.toml', async () => {
    rmSync(join(comfyui('ComfyUI'), 'comfyui_version.py'));
    expect(await find()).toMatchObject([{ version: null }]);
    put('ComfyUI/pyproject.toml', '[project]\nname = "ComfyUI"\nversion = "0.2.1"\n');
    expect(await find()).toMatchObject([{ version: '0.2.1' }]);
  });

  test('elsewhere is found through comfy-cli and COMFYUI_PATH', async () => {
    const first = comfyui('a b/ComfyUI');
    const second = comfyui('mine');
    put('.config/comfy-cli/config.ini', `[DEFAULT]\r\ndefault_workspace = ${first} \r\nenable_tracking = False\r\n`);
    const found = await find({ environment: { COMFYUI_PATH: second } });
    expect(found.map((installation) => installation.folder).sort()).toEqual([first, second].sort());
  });

  test('is offered once, under whatever names it is reached', async () => {
    comfyui('ComfyUI');
    symlinkSync(join(home, 'ComfyUI'), join(home, 'comfyui'));
    symlinkSync(join(home, 'ComfyUI'), join(home, 'Desktop'));
    expect(await find()).toHaveLength(1);
  });

  test('is not any folder with a main.py', async () => {
    put('ComfyUI/main.py');
    expect(await find()).toEqual([]);
  });
});

describe('the portable Windows build', () => {
  test.each(['Downloads/ComfyUI_windows_portable', 'Desktop/ComfyUI_windows_portable_nvidia/ComfyUI_windows_portable'])(
    'in %s',
    async (folder) => {
      const interpreter = join(folder, 'python_embeded/python.exe');
      const path = comfyui(join(folder, 'ComfyUI'), interpreter);
      expect(await find({ platform: 'win32' })).toMatchObject([
        { kind: 'portable', folder: path, python: join(home, interpreter) },
      ]);
    },
  );

  test('is not looked for on other systems', async () => {
    comfyui('Downloads/ComfyUI_x/ComfyUI', 'Downloads/ComfyUI_x/python_embeded/python.exe');
    expect(await find()).toEqual([]);
  });
});

describe('Comfy Desktop', () => {
  test('of the first generation: ComfyUI in the application, Python and models in the base folder', async () => {
    const base = join(home, 'Documents/ComfyUI');
    put('Documents/ComfyUI/.venv/Scripts/python.exe');
    put('Roaming/ComfyUI/config.json', JSON.stringify({ basePath: base, installState: 'installed' }));
    const folder = comfyui('Local/Programs/ComfyUI/resources/ComfyUI');
    const environment = { APPDATA: join(home, 'Roaming'), LOCALAPPDATA: join(home, 'Local') };
    expect(await find({ platform: 'win32', environment })).toEqual([
      {
        kind: 'desktop',
        folder,
        python: join(base, '.venv/Scripts/python.exe'),
        version: '0.3.64',
        note: expect.stringContaining(`--base-directory "${base}"`),
      },
    ]);
  });

  test('of the second generation: every installation of its list', async () => {
    const first = comfyui('Installs/Main/ComfyUI', 'Installs/Main/standalone-env/bin/python3');
    const second = comfyui('Installs/Test/ComfyUI', 'Installs/Test/ComfyUI/.venv/bin/python3');
    const list = [
      { id: 'inst-1', name: 'Main', installPath: dirname(first), sourceId: 'standalone' },
      { id: 'inst-2', name: 'Test', installPath: dirname(second), sourceId: 'standalone' },
      { id: 'inst-3', name: 'Cloud', installPath: '', sourceId: 'cloud' },
      { id: 'inst-4', name: 'Gone', installPath: join(home, 'Installs/Gone'), sourceId: 'standalone' },
      null,
    ];
    put('.local/share/comfyui-desktop-2/installations.json', JSON.stringify(list));
    expect(await find()).toMatchObject([
      {
        folder: first,
        python: join(home, 'Installs/Main/standalone-env/bin/python3'),
        note: '“Main” of Comfy Desktop.',
      },
      { folder: second, python: join(second, '.venv/bin/python3') },
    ]);
  });

  test.each(['not json', '{"basePath": 5}', '[]', 'null'])('is not there when its settings hold %s', async (text) => {
    put('Library/Application Support/ComfyUI/config.json', text);
    put('Library/Application Support/comfyui-desktop-2/installations.json', text);
    expect(await find({ platform: 'darwin' })).toEqual([]);
  });
});

describe('StabilityMatrix', () => {
  test('in the library its settings name, and in a portable one', async () => {
    const first = comfyui('SM Library/Packages/ComfyUI', 'SM Library/Packages/ComfyUI/venv/bin/python');
    const second = comfyui('Downloads/StabilityMatrix/Data/Packages/ComfyUI-2');
    put('SM Library/Packages/reforge/main.py');
    put('.config/StabilityMatrix/library.json', JSON.stringify({ LibraryPath: join(home, 'SM Library') }));
    expect(await find()).toMatchObject([
      { kind: 'stabilityMatrix', folder: first, python: join(first, 'venv/bin/python') },
      { kind: 'stabilityMatrix', folder: second },
    ]);
  });
});

describe('Pinokio', () => {
  test('in its home, with the environment inside or beside the clone', async () => {
    const first = comfyui('pinokio/api/comfy.git/app', 'pinokio/api/comfy.git/app/env/bin/python');
    const second = comfyui('Big Disk/api/comfyui/app', 'Big Disk/api/comfyui/env/bin/python');
    put('.config/Pinokio/config.json', JSON.stringify({ home: join(home, 'Big Disk'), mode: 'full' }));
    expect(await find()).toMatchObject([
      { kind: 'pinokio', folder: second, python: join(home, 'Big Disk/api/comfyui/env/bin/python') },
      { kind: 'pinokio', folder: first, python: join(first, 'env/bin/python') },
    ]);
  });
});

describe('a ComfyUI that runs already (pain 21: no way to attach)', () => {
  const running = (command: string): ProcessInfo => ({
    pid: 4711,
    parentPid: 1,
    groupId: 4711,
    startToken: 'x',
    command,
  });
  const table = (command: string, nonce: string | null = null) => ({
    list: async () => [running('nginx'), running(command)],
    environmentOf: async () => nonce,
  });

  test('is found by its command line, also with spaces in the path', async () => {
    const folder = comfyui('AI Tools/My ComfyUI', 'AI Tools/venv/bin/python3.11');
    const python = join(home, 'AI Tools/venv/bin/python3.11');
    expect(await find({ table: table(`${python} -s ${folder}/main.py --port 8188`) })).toEqual([
      { kind: 'running', folder, python, version: '0.3.64', note: 'Runs now as process 4711, not started by Stoker.' },
    ]);
  });

  test('is found by its working folder where the system tells it', async () => {
    const folder = comfyui('AI Tools/My ComfyUI');
    const files = filesBelowHome();
    const realPath = async (path: string) => (path === '/proc/4711/cwd' ? folder : files.realPath(path));
    const found = await find({ files: { ...files, realPath }, table: table('python main.py') });
    expect(found).toMatchObject([{ kind: 'running', folder, python: null }]);
  });

  test('is not offered when Stoker started it', async () => {
    const folder = comfyui('elsewhere/ComfyUI');
    expect(await find({ table: table(`python ${folder}/main.py`, 'a nonce') })).toEqual([]);
  });
});

describe('all together', () => {
  test('the configured one comes first and under that name alone', async () => {
    const folder = comfyui('ComfyUI', 'ComfyUI/venv/bin/python');
    const other = comfyui('comfy/ComfyUI');
    expect(await find({ configured: { folder, python: '/usr/bin/python3' } })).toMatchObject([
      { kind: 'configured', folder, python: '/usr/bin/python3' },
      { kind: 'git', folder: other },
    ]);
  });

  test('a product on a drive that does not answer, or whose search fails, does not hide the others', async () => {
    const folder = comfyui('ComfyUI');
    const files = filesBelowHome();
    const folderNames = (path: string) =>
      path.includes('pinokio') ? new Promise<string[]>(() => undefined) : Promise.reject(new Error('EIO'));
    const limits = new Set<() => void>();
    const clock: Pick<Clock, 'after'> = {
      after(_delayMs, callback) {
        limits.add(callback);
        return () => limits.delete(callback);
      },
    };
    const found = find({ files: { ...files, folderNames }, clock });
    await waitFor('all searches but one to end', () => limits.size === 1);
    for (const limit of limits) limit();
    expect(await found).toMatchObject([{ folder }]);
  });

  test('an empty machine has none', async () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) expect(await find({ platform })).toEqual([]);
  });
});
