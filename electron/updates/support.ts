/** Whether this copy of Stoker can renew itself, and if not, why. Pure. */

export type Unsupported = 'development' | 'portable' | 'packageManager' | 'noAddress';

export interface Surroundings {
  readonly isPackaged: boolean;
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** electron-builder packs `app-update.yml` when it was told where releases are published. */
  readonly knowsAddress: boolean;
}

export function unsupportedBecause({
  isPackaged,
  platform,
  environment,
  knowsAddress,
}: Surroundings): Unsupported | null {
  if (!isPackaged) return 'development';
  // Set by the starter of the portable .exe, which unpacks itself anew on every start.
  if (platform === 'win32' && environment.PORTABLE_EXECUTABLE_FILE !== undefined) return 'portable';
  // Set by the runtime of an AppImage; every other Linux copy came as a package or a folder.
  if (platform === 'linux' && environment.APPIMAGE === undefined) return 'packageManager';
  return knowsAddress ? null : 'noAddress';
}
