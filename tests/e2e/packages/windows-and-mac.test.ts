/** The Windows and macOS packages that Linux can make, opened and looked at: nothing of them runs here. */
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MadePackages, makePackages, run } from './made-packages.ts';
import {
  developmentPackages,
  filesIn,
  fusesOf,
  npmPackages,
  programKind,
  readAsar,
  WANTED_FUSES,
} from './package-content.ts';

let made: MadePackages;
beforeAll(() => {
  made = makePackages('win,mac');
});
afterAll(() => made.remove());

/** @returns the folder it was unpacked to */
function unpack(archive: string, ...parts: string[]): string {
  const folder = join(made.scratch, `${basename(archive)}-unpacked`);
  mkdirSync(folder, { recursive: true });
  run('7z', 'x', '-y', `-o${folder}`, archive, ...parts);
  return folder;
}

/** What holds for the engine on every system. */
function expectEngine(
  engine: string,
  wanted: { readonly sqlite: string; readonly otherNative: readonly string[] },
): void {
  const files = filesIn(engine);
  expect(files).toContain('dist/cli/main.js');
  expect(files).toContain('dist/renderer/index.html');
  expect(files).toContain('dist/extension/stoker.js');
  expect(files.filter((path) => /\.map$|\.d\.ts$/.test(path))).toEqual([]);
  expect(files.filter((path) => path.endsWith('.node')).sort()).toEqual(
    [
      ...wanted.otherNative,
      `node_modules/@photostructure/sqlite/prebuilds/${wanted.sqlite}/@photostructure+sqlite.glibc.node`,
    ].sort(),
  );
  const development = developmentPackages();
  const modules = npmPackages(filesIn(join(engine, 'node_modules')));
  expect(modules).toContain('fastify');
  expect([...modules].filter((name) => development.has(name))).toEqual([]);
}

function expectShell(archive: string): void {
  const { paths, text } = readAsar(archive);
  expect(paths).toContain('dist/electron/main.cjs');
  expect(paths.filter((path) => path.includes('node_modules') || path.endsWith('.map'))).toEqual([]);
  expect(JSON.parse(text('package.json'))).not.toHaveProperty('dependencies');
}

describe('the portable .exe', () => {
  let folder: string;
  beforeAll(() => {
    // A program that unpacks this archive and starts what is in it.
    const outer = unpack(made.package('-portable-x64.exe'), '$PLUGINSDIR/app-64.7z');
    folder = unpack(join(outer, '$PLUGINSDIR/app-64.7z'));
  });

  it('carries the shell, with its fuses set', async () => {
    const program = readFileSync(join(folder, 'Stoker.exe'));
    expect(programKind(program)).toBe('windows x64');
    expect(await fusesOf(program)).toMatchObject(WANTED_FUSES);
    expectShell(join(folder, 'resources/app.asar'));
  });

  it('carries the engine with a Node and native parts for Windows', () => {
    const engine = join(folder, 'resources/engine');
    expect(programKind(readFileSync(join(engine, 'node/node.exe')))).toBe('windows x64');
    expectEngine(engine, {
      sqlite: 'win32-x64',
      // Job objects: what ends ComfyUI when the engine dies.
      otherNative: ['node_modules/@koromix/koffi-win32-x64/win32_x64/koffi.node'],
    });
  });
});

describe('the .zip for macOS', () => {
  let contents: string;
  beforeAll(() => {
    contents = join(unpack(made.package('-mac-arm64.zip')), 'Stoker.app/Contents');
  });

  it('carries the shell, with its fuses set and its archive known by its hash', async () => {
    expect(programKind(readFileSync(join(contents, 'MacOS/Stoker')))).toBe('mac arm64');
    const framework = 'Frameworks/Electron Framework.framework/Versions/A/Electron Framework';
    expect(await fusesOf(readFileSync(join(contents, framework)))).toMatchObject({
      ...WANTED_FUSES,
      enableEmbeddedAsarIntegrityValidation: true,
    });
    expectShell(join(contents, 'Resources/app.asar'));
    const properties = readFileSync(join(contents, 'Info.plist'), 'utf8');
    expect(properties).toContain('<key>ElectronAsarIntegrity</key>');
    expect(properties).toMatch(/<key>CFBundleURLSchemes<\/key>\s*<array>\s*<string>stoker<\/string>/);
    expect(properties).toMatch(/<key>CFBundleIdentifier<\/key>\s*<string>stoker\.desktop<\/string>/);
  });

  it('carries the engine with a Node and native parts for Apple’s processors', () => {
    const engine = join(contents, 'Resources/engine');
    expect(programKind(readFileSync(join(engine, 'node/bin/node')))).toBe('mac arm64');
    expectEngine(engine, { sqlite: 'darwin-arm64', otherNative: [] });
  });
});
