/** Which Python starts ComfyUI: the configured one, else the environment that belongs to the folder, else the system's. Looks at files only. */
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';

export interface PythonSearch {
  /** The folder with main.py. */
  readonly folder: string;
  readonly configured: string | null;
  readonly platform: NodeJS.Platform;
  /** PATH and VIRTUAL_ENV are read from here. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isFile: (path: string) => boolean;
}

export type PythonFinding =
  | { readonly kind: 'found'; readonly python: string }
  | { readonly kind: 'missing'; readonly lookedAt: readonly string[] };

/** Environments beside ComfyUI: git clone and StabilityMatrix (venv), uv and Desktop (.venv), Pinokio (env, one level up too). */
const ENVIRONMENT_FOLDERS = ['venv', '.venv', 'env'];

export function findPython(search: PythonSearch): PythonFinding {
  const candidates = search.configured === null ? usualPythons(search) : configuredPythons(search, search.configured);
  const python = candidates.find(search.isFile);
  return python === undefined ? { kind: 'missing', lookedAt: candidates } : { kind: 'found', python };
}

/** Every place in PATH where a program of this bare name would be. */
export function placesInPath(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string[] {
  // Windows spells it Path, and completes names by PATHEXT; scripts in that list need a shell, so only programs count.
  const path = environment.PATH ?? environment.Path ?? '';
  const endings = platform === 'win32' && !/\.[a-z]+$/i.test(name) ? ['.exe', '.com'] : [''];
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
}

/** A program, or the folder of an environment: people enter either. */
function configuredPythons(search: PythonSearch, configured: string): string[] {
  if (!/[\\/]/.test(configured)) return placesInPath(configured, search.environment, search.platform);
  const path = isAbsolute(configured) ? configured : resolve(search.folder, configured);
  return [path, interpreterIn(path, search.platform)];
}

function usualPythons(search: PythonSearch): string[] {
  const { folder, platform, environment } = search;
  const parent = dirname(folder);
  const environments = [folder, parent].flatMap((place) => ENVIRONMENT_FOLDERS.map((name) => join(place, name)));
  if (environment.VIRTUAL_ENV !== undefined) environments.push(environment.VIRTUAL_ENV);
  const embedded = ['python_embeded', 'python_embedded'].map((name) => join(parent, name, 'python.exe'));
  const names = platform === 'win32' ? ['python'] : ['python3', 'python'];
  return [
    ...(platform === 'win32' ? embedded : []),
    ...environments.map((place) => interpreterIn(place, platform)),
    // In a container the system's Python is the one with torch.
    ...names.flatMap((name) => placesInPath(name, environment, platform)),
  ];
}

function interpreterIn(environmentFolder: string, platform: NodeJS.Platform): string {
  return platform === 'win32'
    ? join(environmentFolder, 'Scripts', 'python.exe')
    : join(environmentFolder, 'bin', 'python');
}
