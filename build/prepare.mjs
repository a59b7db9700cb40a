/** Makes a checkout ready to run: the right Node, dependencies as locked, a build as new as its sources. Silent when it already is. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// `import.meta.dirname` is younger than the Node that must be told it is too old.
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const SOURCES = [
  'contract',
  'strings',
  'engine',
  'electron',
  'renderer',
  'simulator',
  'cli',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'build/build.mjs',
];
const STAMP = join(root, 'dist/.built');

/** Ends the process with a sentence when this Node is too old. */
export function checkNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace('>=', '');
  if (compareVersions(process.versions.node, wanted) >= 0) return;
  console.error(`Stoker needs Node ${wanted} or newer; this is Node ${process.versions.node}. See https://nodejs.org.`);
  process.exit(1);
}

/** Negative when `left` is the older of two dotted versions. */
export function compareVersions(left, right) {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  const index = [0, 1, 2].find((part) => (a[part] || 0) !== (b[part] || 0));
  return index === undefined ? 0 : (a[index] || 0) - (b[index] || 0);
}

/** `npm ci` when nothing is installed, or the lock file is newer than what is. */
export function ensureInstalled() {
  const installed = modifiedMs(join(root, 'node_modules/.package-lock.json'));
  if (installed >= modifiedMs(join(root, 'package-lock.json'))) return;
  console.error('Installing dependencies (npm ci)…');
  runOrExit(...npmCommand('ci', '--loglevel=error'));
}

/** Builds `dist/` when there is none, or a source is newer. */
export function ensureBuilt() {
  const newest = Math.max(...SOURCES.map((source) => newestMs(join(root, source))));
  if (modifiedMs(STAMP) >= newest) return;
  console.error('Building…');
  runOrExit(process.execPath, [join(root, 'build/build.mjs')]);
  // Written last, so that an interrupted build is built again; dated as its sources, one of which may change meanwhile.
  writeFileSync(STAMP, '');
  const stampSeconds = (newest + 1) / 1000;
  utimesSync(STAMP, stampSeconds, stampSeconds);
}

/** npm as [command, arguments]: by the npm that runs us, else by name. */
export function npmCommand(...args) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? [process.execPath, [script, ...args]] : ['npm', args];
}

function runOrExit(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status === 0) return;
  console.error([stdout, stderr, error?.message].filter(Boolean).join('\n'));
  process.exit(status || 1);
}

/** Epoch milliseconds; 0 for what is not there. */
function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestMs(path) {
  if (!existsSync(path) || !statSync(path).isDirectory()) return modifiedMs(path);
  return Math.max(modifiedMs(path), ...readdirSync(path).map((name) => newestMs(join(path, name))));
}
