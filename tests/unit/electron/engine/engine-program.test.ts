import { describe, expect, it } from 'vitest';
import { engineEnvironment } from '../../../../electron/engine/engine-environment.ts';
import { readEnd } from '../../../../electron/engine/engine-process.ts';
import { findEngineProgram, type ProgramFacts } from '../../../../electron/engine/engine-program.ts';

const facts: ProgramFacts = {
  platform: 'linux',
  environment: {},
  packaged: false,
  resourcesFolder: '/opt/Stoker/resources',
  bundleFolder: '/home/ada/stoker/dist/electron',
};

describe('the engine’s program', () => {
  it('is the build beside the shell in development, on the Node that npm start names', () => {
    const environment = { STOKER_ENGINE_NODE: '/usr/bin/node20' };
    expect(findEngineProgram({ ...facts, environment })).toEqual({
      node: '/usr/bin/node20',
      folder: '/home/ada/stoker/dist',
    });
  });

  it('is what the package carries', () => {
    expect(findEngineProgram({ ...facts, packaged: true })).toEqual({
      node: '/opt/Stoker/resources/engine/node/bin/node',
      folder: '/opt/Stoker/resources/engine/dist',
    });
    const windows = { platform: 'win32' as const, packaged: true, resourcesFolder: 'C:\\Stoker\\resources' };
    expect(findEngineProgram({ ...facts, ...windows })).toEqual({
      node: 'C:\\Stoker\\resources\\engine\\node\\node.exe',
      folder: 'C:\\Stoker\\resources\\engine\\dist',
    });
  });

  it('can be another one', () => {
    const environment = { STOKER_ENGINE_NODE: '/n', STOKER_ENGINE_PROGRAM: '/p' };
    expect(findEngineProgram({ ...facts, packaged: true, environment })).toEqual({ node: '/n', folder: '/p' });
  });
});

describe('the environment of the engine', () => {
  it('is the user’s own, the same object', () => {
    const environment = { PATH: '/usr/bin', LD_LIBRARY_PATH: '/opt/cuda/lib64' };
    expect(engineEnvironment(environment)).toBe(environment);
  });

  it('has nothing of the AppImage in it: a Python would load its libraries', () => {
    const cleaned = engineEnvironment({
      APPDIR: '/tmp/.mount_StokerX',
      APPIMAGE: '/home/ada/Stoker.AppImage',
      ARGV0: './Stoker.AppImage',
      OWD: '/home/ada',
      HOME: '/home/ada',
      PATH: '/tmp/.mount_StokerX:/tmp/.mount_StokerX/usr/sbin:/usr/bin:/bin',
      LD_LIBRARY_PATH: '/tmp/.mount_StokerX/usr/lib:',
      XDG_DATA_DIRS: '/tmp/.mount_StokerX/usr/share:/usr/share',
    });
    expect(cleaned).toEqual({ HOME: '/home/ada', PATH: '/usr/bin:/bin', XDG_DATA_DIRS: '/usr/share' });
  });
});

describe('what an engine printed before it ended', () => {
  const error = {
    code: 'data_folder_locked',
    message: 'Another Stoker uses it.',
    details: { next: 'Use it.', pid: 7 },
  };
  const body = JSON.stringify({ source: 'stoker', error }, null, 2);

  it('is its error, apart from other lines', () => {
    expect(readEnd(`(node:7) a warning\n${body}\n`)).toEqual({
      error: { code: 'data_folder_locked', message: 'Another Stoker uses it.', next: 'Use it.' },
      lastLines: ['(node:7) a warning'],
    });
  });

  it('is its last lines where it did not say why', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const end = readEnd(`${lines.join('\n')}\n{\n  "not": "ours"\n}\n`);
    expect(end.error).toBeNull();
    expect(end.lastLines).toHaveLength(12);
    expect(end.lastLines.at(-1)).toBe('  "not": "ours"');
  });

  it('leaves out what Node prints around an error', () => {
    const output = [
      'node:internal/modules/cjs/loader:1210',
      '  throw err;',
      '  ^',
      '',
      "Error: Cannot find module '/opt/stoker/cli/main.js'",
      '    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)',
      '    at node:internal/main/run_main_module:28:49 {',
      "  code: 'MODULE_NOT_FOUND',",
      '  requireStack: []',
      '}',
      '',
      'Node.js v20.20.2',
    ];
    expect(readEnd(output.join('\n')).lastLines).toEqual(["Error: Cannot find module '/opt/stoker/cli/main.js'"]);
  });

  it('may be nothing', () => {
    expect(readEnd('')).toEqual({ error: null, lastLines: [] });
  });
});
