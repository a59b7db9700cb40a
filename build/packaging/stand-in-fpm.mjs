#!/usr/bin/env node
/**
 * In the place of `fpm`, where electron-builder cannot download it: makes a .deb with dpkg-deb from the arguments electron-builder gives.
 * It knows those arguments alone; packages for people are made by the real one.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const WITHOUT_VALUE = new Set(['--force', '--debug']);
const SCRIPTS = {
  '--before-install': 'preinst',
  '--after-install': 'postinst',
  '--before-remove': 'prerm',
  '--after-remove': 'postrm',
};

const { options, sources } = readArguments(process.argv.slice(2));
if (one('-t') !== 'deb') throw new Error(`This stand-in for fpm makes .deb files alone, not ${one('-t')}.`);
const tree = mkdtempSync(join(tmpdir(), 'stoker-deb-'));
try {
  chmodSync(tree, 0o755);
  for (const source of sources) placeSource(source);
  const control = join(tree, 'DEBIAN');
  mkdirSync(control);
  writeFileSync(join(control, 'control'), controlFile(Math.ceil(bytesIn(tree) / 1024)));
  for (const [option, name] of Object.entries(SCRIPTS)) {
    if (one(option) === undefined) continue;
    copyFileSync(one(option), join(control, name));
    chmodSync(join(control, name), 0o755);
  }
  rmSync(one('--package'), { force: true });
  const compression = one('--deb-compression') === 'gz' ? 'gzip' : (one('--deb-compression') ?? 'xz');
  const level = one('--deb-compression-level');
  const { status } = spawnSync(
    'dpkg-deb',
    ['--root-owner-group', `-Z${compression}`, ...(level ? [`-z${level}`] : []), '--build', tree, one('--package')],
    { stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(tree, { recursive: true, force: true });
}

function readArguments(words) {
  const found = { options: new Map(), sources: [] };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (WITHOUT_VALUE.has(word)) continue;
    if (word.startsWith('-')) {
      at += 1;
      found.options.set(word, [...(found.options.get(word) ?? []), words[at]]);
    } else found.sources.push(word);
  }
  return found;
}

function one(option) {
  return options.get(option)?.at(-1);
}

/** `from=to`: a folder ending in a slash stands for what is in it, a file is named anew. */
function placeSource(source) {
  const at = source.lastIndexOf('=');
  const [from, to] = [source.slice(0, at), join(tree, source.slice(at + 1))];
  mkdirSync(dirname(to), { recursive: true });
  const target = to.endsWith('/') ? join(to, basename(from)) : to;
  cpSync(from, target, { recursive: true, verbatimSymlinks: true });
}

function controlFile(sizeKb) {
  const [summary = '', ...details] = (one('--description') ?? '').trim().split('\n');
  const fields = {
    Package: one('--name'),
    Version: one('--version'),
    Architecture: one('--architecture'),
    Maintainer: one('--maintainer'),
    'Installed-Size': String(sizeKb),
    Depends: options.get('-d')?.join(', '),
    Recommends: options.get('--deb-recommends')?.join(', '),
    Section: one('--category'),
    Priority: one('--deb-priority'),
    Homepage: one('--url'),
    Description: [summary, ...details.map((line) => ` ${line.trim() || '.'}`)].join('\n'),
  };
  const lines = Object.entries(fields).flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
  return `${lines.join('\n')}\n`;
}

function bytesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesIn(path) : lstatSync(path).size);
  }, 0);
}
