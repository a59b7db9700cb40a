/**
 * Gathers what the engine needs on one platform into a folder `engine/`: `dist/` (the built programs), `node_modules/` (what they import, and no
 * more), `node/` (the Node they run on). Everything is copied or installed there; the checkout's own node_modules is never touched.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { npmCommand, root } from '../prepare.mjs';
import { layOutNode } from './node-runtime.mjs';
import { isNeededAtRunTime, packagesNotNeeded } from './run-time-files.mjs';

/** What the node build writes; `electron/` goes into the application's archive instead. */
const PROGRAM_FOLDERS = ['cli', 'chunks', 'gallery', 'simulator', 'renderer', 'extension'];

/**
 * @param {{ platform: 'linux' | 'win32' | 'darwin', arch: 'x64' | 'arm64' }} target
 * @param {string} build the folder that `build/build.mjs` filled
 * @param {string} folder is made anew; `engine/` comes to lie in it
 */
export function stageEngine(target, build, folder) {
  const engine = join(folder, 'engine');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(engine, { recursive: true });
  for (const name of PROGRAM_FOLDERS) {
    cpSync(join(build, name), join(engine, 'dist', name), {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    });
  }
  installModules(target, engine);
  cpSync(layOutNode(`${target.platform}-${target.arch}`), join(engine, 'node'), { recursive: true });
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(engine, 'package.json'), `${JSON.stringify({ name, version, license, type: 'module' })}\n`);
  makeReadable(folder);
}

/** As the lock file has it, for the target's system rather than this one. */
function installModules({ platform, arch }, engine) {
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(root, name), join(engine, name));
  const [command, args] = npmCommand('ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund');
  const { status, stderr, error } = spawnSync(
    command,
    [...args, '--prefer-offline', '--loglevel=error', `--os=${platform}`, `--cpu=${arch}`, '--libc=glibc'],
    { cwd: engine, encoding: 'utf8', shell: process.platform === 'win32' && command === 'npm' },
  );
  if (status !== 0) throw new Error(`npm could not install what the engine needs: ${stderr || error?.message}`);
  rmSync(join(engine, 'package-lock.json'));
  const modules = join(engine, 'node_modules');
  for (const name of packagesNotNeeded(platform)) rmSync(join(modules, name), { recursive: true, force: true });
  removeUnneeded(modules, modules, `${platform}-${arch}`);
}

function removeUnneeded(modules, folder, platform) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!isNeededAtRunTime(relative(modules, path).split(sep).join('/'), platform)) {
      rmSync(path, { recursive: true, force: true });
    } else if (entry.isDirectory()) {
      removeUnneeded(modules, path, platform);
      if (readdirSync(path).length === 0) rmSync(path, { recursive: true });
    }
  }
}

/** An installed package is read by others than who built it, under whatever umask that was. */
function makeReadable(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(path);
    else chmodSync(path, entry.name === 'node' || entry.name === 'node.exe' ? 0o755 : 0o644);
  }
}
