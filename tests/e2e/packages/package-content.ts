/** What lies in an unpacked package, read without running it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const repository = resolve(import.meta.dirname, '../../..');

/** Paths of all files below a folder, relative to it. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Packages that package-lock.json knows for development alone. */
export function developmentPackages(): ReadonlySet<string> {
  const { packages } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const prefix = 'node_modules/';
  return new Set(
    Object.entries(packages).flatMap(([path, { dev }]) =>
      dev === true && path.startsWith(prefix) ? [path.slice(prefix.length)] : [],
    ),
  );
}

/** The npm packages among paths below `node_modules/`: `fastify`, `@fastify/static` … */
export function npmPackages(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.map((path) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path));
}

/** An asar archive: paths, and the content of one. */
export function readAsar(file: string): { paths: string[]; text(path: string): string } {
  const archive = readFileSync(file);
  const { files } = JSON.parse(archive.toString('utf8', 16, 16 + archive.readUInt32LE(12))) as AsarFolder;
  const content = 8 + archive.readUInt32LE(4);
  const entries = new Map(asarFiles(files, ''));
  return {
    paths: [...entries.keys()],
    text(path) {
      const entry = entries.get(path);
      if (entry === undefined) throw new Error(`${path} is not in ${file}`);
      const start = content + Number(entry.offset);
      return archive.toString('utf8', start, start + entry.size);
    },
  };
}

interface AsarFolder {
  readonly files: Readonly<Record<string, AsarFolder | AsarFile>>;
}
interface AsarFile {
  readonly size: number;
  readonly offset: string;
}

function asarFiles(files: AsarFolder['files'], prefix: string): [string, AsarFile][] {
  return Object.entries(files).flatMap(([name, entry]) =>
    'files' in entry ? asarFiles(entry.files, `${prefix}${name}/`) : ([[prefix + name, entry]] as [string, AsarFile][]),
  );
}

/** For which system and processor a program is: from its first bytes. */
export function programKind(program: Buffer): string {
  if (program.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'))) {
    return `linux ${{ 62: 'x64', 183: 'arm64' }[program.readUInt16LE(18)] ?? 'other'}`;
  }
  if (program.toString('latin1', 0, 2) === 'MZ') {
    const machine = program.readUInt16LE(program.readUInt32LE(0x3c) + 4);
    return `windows ${{ 34404: 'x64', 43620: 'arm64' }[machine] ?? 'other'}`;
  }
  if (program.readUInt32LE(0) === 0xfeedfacf) {
    return `mac ${{ 16777223: 'x64', 16777228: 'arm64' }[program.readUInt32LE(4)] ?? 'other'}`;
  }
  return 'no program';
}

/** Fuses by name, of a program file in memory. */
export async function fusesOf(program: Buffer): Promise<Record<string, boolean | 'removed'>> {
  const { readFuses } = await import(pathToFileURL(join(repository, 'build/packaging/fuses.mjs')).href);
  return readFuses(program);
}

/** What every package must have set; more may be there, by the age of the Electron. */
export const WANTED_FUSES = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  onlyLoadAppFromAsar: true,
} as const;
