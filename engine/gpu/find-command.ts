/** Where a vendor's tool lies on this machine, found by looking at files: nothing is started to find out. */
import { access, constants } from 'node:fs/promises';
import { posix, win32 } from 'node:path';

export interface CommandPlaces {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether a file is there and may be run. */
  readonly isRunnable: (file: string) => Promise<boolean>;
}

/**
 * @param name without extension
 * @param wellKnownFolders looked at after PATH: a service often runs with a short one
 */
export async function findCommand(
  name: string,
  wellKnownFolders: readonly string[],
  { platform, environment, isRunnable }: CommandPlaces,
): Promise<string | null> {
  const { join, delimiter } = platform === 'win32' ? win32 : posix;
  const onPath = (environment.PATH ?? environment.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...onPath, ...wellKnownFolders]) {
    const file = join(folder, platform === 'win32' ? `${name}.exe` : name);
    if (await isRunnable(file)) return file;
  }
  return null;
}

export const isRunnableFile = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
