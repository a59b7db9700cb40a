/** What a package is made of, in bytes: read from the unpacked folder before it is packed, and from the finished files. */
import { lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { resourcesFolder, unpackedFolder } from './targets.mjs';

/**
 * @param {string} output electron-builder's output folder
 * @param {import('./targets.mjs').Target} target
 * @param {string[]} packages the finished files
 * @returns {{ target: string, parts: Record<string, number>, unpacked: number, packages: Record<string, number> }}
 */
export function measure(output, target, packages) {
  const folder = join(output, unpackedFolder(target));
  const resources = join(folder, resourcesFolder(target));
  const engine = join(resources, 'engine');
  const parts = {
    node: bytesOf(join(engine, 'node')),
    engine: ['dist/cli', 'dist/chunks', 'node_modules'].reduce((sum, part) => sum + bytesOf(join(engine, part)), 0),
    page: ['dist/renderer', 'dist/extension'].reduce((sum, part) => sum + bytesOf(join(engine, part)), 0),
    simulator: bytesOf(join(engine, 'dist/simulator')),
    shell: bytesOf(join(resources, 'app.asar')),
  };
  const unpacked = bytesOf(folder);
  const electron = unpacked - Object.values(parts).reduce((sum, each) => sum + each, 0);
  return {
    target: `${target.platform}-${target.arch}`,
    parts: { electron, ...parts },
    unpacked,
    packages: Object.fromEntries(packages.map((path) => [basename(path), bytesOf(path)])),
  };
}

/** The sizes as lines for a terminal, in MB of a million bytes. */
export function sizeTable(sizes) {
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1).padStart(8);
  const lines = sizes.flatMap(({ target, parts, unpacked, packages }) => [
    '',
    `${target}`.padEnd(44) + 'MB'.padStart(8),
    ...Object.entries(parts).map(([name, bytes]) => `  ${name}`.padEnd(44) + megabytes(bytes)),
    '  installed'.padEnd(44) + megabytes(unpacked),
    ...Object.entries(packages).map(([name, bytes]) => `  → ${name}`.padEnd(44) + megabytes(bytes)),
  ]);
  return lines.join('\n');
}

/** Of a file, or of all in a folder; 0 for what is not there. Links count as themselves. */
function bytesOf(path) {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}
