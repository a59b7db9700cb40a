/** What `npm run dist` decides: which packages where, which fuses, which files of npm packages go along, what it tells at the end. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const load = (name: string) => import(pathToFileURL(resolve('build/packaging', name)).href);
const { targetsOf } = await load('targets.mjs');
const { fusesFor, readFuses, FUSE_NAMES } = await load('fuses.mjs');
const { isNeededAtRunTime, packagesNotNeeded } = await load('run-time-files.mjs');
const { closingNotes } = await load('notes.mjs');

describe('targets', () => {
  const formats = (platform: string, arch: string, standIns: boolean) =>
    targetsOf({ platform, arch }, { standIns }).map(
      (target: { platform: string; arch: string; formats: string[] }) =>
        `${target.platform}-${target.arch}: ${target.formats.join(' ')}`,
    );

  it.each([
    ['linux', 'x64', true, ['linux-x64: AppImage deb', 'win32-x64: portable', 'darwin-arm64: zip']],
    ['linux', 'x64', false, ['linux-x64: AppImage deb', 'win32-x64: nsis portable', 'darwin-arm64: zip']],
    ['linux', 'arm64', false, ['linux-arm64: AppImage deb', 'win32-x64: nsis portable', 'darwin-arm64: zip']],
    ['win32', 'x64', false, ['win32-x64: nsis portable']],
    ['darwin', 'arm64', false, ['darwin-x64: dmg zip', 'darwin-arm64: dmg zip']],
  ])('on %s %s (stand-ins: %s)', (platform, arch, standIns, wanted) => {
    expect(formats(platform, arch, standIns)).toEqual(wanted);
  });
});

describe('fuses', () => {
  it('no package can be run as Node, be handed options or a debugger, or load another program than its archive', () => {
    for (const platform of ['linux', 'win32', 'darwin']) {
      for (const electronMajor of [22, 45]) {
        expect(fusesFor(platform, electronMajor)).toMatchObject({
          runAsNode: false,
          enableNodeOptionsEnvironmentVariable: false,
          enableNodeCliInspectArguments: false,
          onlyLoadAppFromAsar: true,
        });
      }
    }
  });

  it.each([
    ['linux', 45, false],
    ['win32', 22, false],
    ['win32', 45, true],
    ['darwin', 22, true],
    ['darwin', 45, true],
  ])('the archive is checked where Electron can: %s, Electron %i', (platform, electronMajor, wanted) => {
    expect(fusesFor(platform, electronMajor).enableEmbeddedAsarIntegrityValidation).toBe(wanted);
  });

  it('an old Electron is not asked to set a fuse it does not have', () => {
    expect(fusesFor('linux', 22)).not.toHaveProperty('grantFileProtocolExtraPrivileges');
    expect(fusesFor('linux', 45)).toHaveProperty('grantFileProtocolExtraPrivileges', false);
  });

  it('are read from the wire of a program, as many as it has', () => {
    const program = Buffer.from(`program dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x0301r and more`, 'latin1');
    expect(readFuses(program)).toEqual({
      [FUSE_NAMES[0]]: false,
      [FUSE_NAMES[1]]: true,
      [FUSE_NAMES[2]]: 'removed',
    });
    expect(() => readFuses(Buffer.from('another program'))).toThrow('no fuse wire');
  });
});

describe('files of npm packages', () => {
  it.each([
    ['fastify/fastify.js', true],
    ['fastify/LICENSE', true],
    ['some/license.md', true],
    ['fastify/README.md', false],
    ['fastify/types/instance.d.ts', false],
    ['fastify/test', false],
    ['fastify/lib/test', true],
    ['@fastify/static/test', false],
    ['wasm-vips/lib/vips-node.mjs', true],
    ['wasm-vips/lib/vips.wasm', true],
    ['wasm-vips/lib/vips-heif.wasm', false],
    ['wasm-vips/lib/vips-es6.js', false],
    ['date-fns/index.cjs', true],
    ['date-fns/locale/en-US.cjs', true],
    ['date-fns/locale/de.cjs', false],
    ['undici/lib/api.js.map', false],
    ['@photostructure/sqlite/src', false],
    ['@photostructure/sqlite/prebuilds/linux-x64/@photostructure+sqlite.glibc.node', true],
    ['@photostructure/sqlite/prebuilds/linux-x64/@photostructure+sqlite.musl.node', false],
    ['@photostructure/sqlite/prebuilds/linux-arm64', false],
    ['@photostructure/sqlite/prebuilds/win32-x64/@photostructure+sqlite.glibc.node', false],
  ])('for Linux, %s: %s', (path, wanted) => {
    expect(isNeededAtRunTime(path, 'linux-x64')).toBe(wanted);
  });

  it('job objects go along on Windows alone', () => {
    expect(packagesNotNeeded('win32')).not.toContain('koffi');
    expect(packagesNotNeeded('linux')).toContain('koffi');
    expect(packagesNotNeeded('darwin')).toContain('@koromix');
  });
});

describe('the last words', () => {
  const facts = { output: '/out', standIns: false, targets: targetsOf({ platform: 'win32' }, {}), environment: {} };
  const words = (changes: object): string => closingNotes({ ...facts, ...changes }).join('\n');

  it('warn of packages that no person may get, and of what could not be built', () => {
    const standIns = { standIns: true, targets: targetsOf({ platform: 'linux', arch: 'x64' }, { standIns: true }) };
    expect(words(standIns)).toContain('NOT FOR PEOPLE');
    expect(words(standIns)).toContain('The Windows installer was not built');
    expect(words({})).not.toContain('NOT FOR PEOPLE');
  });

  it('tell when nothing was signed, and how to', () => {
    expect(words({})).toContain('Unsigned for Windows');
    expect(words({ environment: { WIN_CSC_LINK: 'x' } })).not.toContain('Unsigned');
    const mac = { targets: targetsOf({ platform: 'darwin' }, {}) };
    expect(words(mac)).toContain('Unsigned for macOS');
    expect(words({ ...mac, environment: { CSC_LINK: 'x' } })).toContain('Not notarised');
    expect(words({ ...mac, environment: { CSC_LINK: 'x', APPLE_API_KEY: 'x' } })).not.toContain('macOS');
  });

  it('tell that copies without an address cannot update themselves', () => {
    expect(words({})).toContain('cannot update themselves');
    expect(words({ environment: { STOKER_UPDATE_URL: 'https://updates.test' } })).not.toContain('update');
  });
});
