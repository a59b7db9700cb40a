/** Where installations are looked for, and what every product's search shares. Reads names and small text files; changes nothing, runs nothing. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from '../../../contract/doctor.ts';
import { findPython } from '../launch/python.ts';

/** Nothing here rejects: what is missing or may not be read is not there. */
export interface InstallationFiles {
  readText(path: string): Promise<string | null>;
  isFile(path: string): Promise<boolean>;
  /** Names of the folders in a folder, links to folders included. */
  folderNames(path: string): Promise<string[]>;
  /** The path without links, to know one folder under two names; null when there is nothing. */
  realPath(path: string): Promise<string | null>;
}

export interface Places {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly files: InstallationFiles;
}

export type InstallationSearch = (places: Places) => Promise<Installation[]>;

export const diskFiles: InstallationFiles = {
  readText: (path) => readFile(path, 'utf8').catch(() => null),
  isFile: (path) =>
    stat(path).then(
      (found) => found.isFile(),
      () => false,
    ),
  async folderNames(path) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name);
  },
  realPath: (path) => realpath(path).catch(() => null),
};

export interface InstallationFacts {
  readonly kind: Installation['kind'];
  readonly folder: string;
  /** Folders whose environments count, in order, where they are not those beside `folder`. */
  readonly environmentsOf?: readonly string[];
  /** Known beforehand; the others are looked for. */
  readonly python?: string | null;
  readonly note?: string;
}

/** The installation in `folder`; null when no ComfyUI is there. */
export async function describeInstallation(places: Places, facts: InstallationFacts): Promise<Installation | null> {
  const { folder, kind } = facts;
  if (!(await isComfyui(places.files, folder))) return null;
  const candidates = (facts.environmentsOf ?? [folder]).flatMap((place) => environmentPythons(place, places.platform));
  return {
    kind,
    folder,
    python: facts.python ?? (await firstFile(places.files, candidates)),
    version: await readVersion(places.files, folder),
    note: facts.note ?? null,
  };
}

/** main.py alone is any Python program. */
export async function isComfyui(files: InstallationFiles, folder: string): Promise<boolean> {
  return (await files.isFile(join(folder, 'main.py'))) && files.isFile(join(folder, 'folder_paths.py'));
}

export async function describeAll(places: Places, facts: readonly InstallationFacts[]): Promise<Installation[]> {
  const found = await Promise.all(facts.map((one) => describeInstallation(places, one)));
  return found.filter((installation) => installation !== null);
}

export async function firstFile(files: InstallationFiles, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await files.isFile(path)) return path;
  return null;
}

/** Per-user settings folder of desktop programs. */
export function applicationData({ platform, home, environment }: Places): string {
  if (platform === 'win32') return environment.APPDATA ?? join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return environment.XDG_CONFIG_HOME ?? join(home, '.config');
}

/** Where people unpack programs: the home, its usual folders, and on Windows the drives. */
export function usualRoots({ platform, home }: Places): string[] {
  const inHome = ['', 'Desktop', 'Documents', 'Downloads', 'AI'].map((name) => join(home, name));
  const drives = ['C:', 'D:', 'E:', 'F:'].flatMap((drive) => [`${drive}\\`, `${drive}\\AI`]);
  return platform === 'win32' ? [...inHome, ...drives] : inHome;
}

/** The value of a text member of a JSON object on disk; null for everything else. */
export async function readJsonText(files: InstallationFiles, path: string, member: string): Promise<string | null> {
  const value = (await readJson(files, path)) as Record<string, unknown> | null;
  const text = typeof value === 'object' ? value?.[member] : null;
  return typeof text === 'string' && text !== '' ? text : null;
}

export async function readJson(files: InstallationFiles, path: string): Promise<unknown> {
  try {
    return JSON.parse((await files.readText(path)) ?? 'null');
  } catch {
    return null;
  }
}

/** Where the launch would look in the environments of `folder`, without those in PATH: they are not the installation's own. */
function environmentPythons(folder: string, platform: NodeJS.Platform): readonly string[] {
  const finding = findPython({ folder, configured: null, platform, environment: {}, isFile: () => false });
  return finding.kind === 'missing' ? finding.lookedAt : [];
}

/** null where it is not written down. */
export async function readVersion(files: InstallationFiles, folder: string): Promise<string | null> {
  const written = await files.readText(join(folder, 'comfyui_version.py'));
  const project = written ?? (await files.readText(join(folder, 'pyproject.toml'))) ?? '';
  return /^(?:__version__|version)\s*=\s*["']([^"']+)["']/m.exec(project)?.[1] ?? null;
}
