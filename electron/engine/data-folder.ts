/**
 * The data folder the engine will use, by the same rule as engine/platform/paths.ts, which the shell may not import:
 * a test holds both equal on every system. Touches no file.
 */
import { posix, win32 } from 'node:path';

export interface FolderFacts {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
}

/** What the user named: `--data-dir`, else STOKER_DATA_DIR; null when neither. */
export function namedDataFolder(dataDir: string | null, { platform, environment }: FolderFacts): string | null {
  const named = dataDir ?? environment.STOKER_DATA_DIR;
  return named ? pathsOf(platform).resolve(named) : null;
}

/** @param demo in the platform's own place the demo has a folder of its own */
export function findDataFolder(dataDir: string | null, facts: FolderFacts, demo: boolean): string {
  return namedDataFolder(dataDir, facts) ?? `${platformFolder(facts)}${demo ? '-demo' : ''}`;
}

function platformFolder({ platform, environment, home }: FolderFacts): string {
  const { join } = pathsOf(platform);
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'stoker');
    case 'win32':
      return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'stoker', 'Data');
    default:
      return join(environment.XDG_DATA_HOME || join(home, '.local', 'share'), 'stoker');
  }
}

const pathsOf = (platform: NodeJS.Platform) => (platform === 'win32' ? win32 : posix);
