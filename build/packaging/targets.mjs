/** Which packages are built where. Pure: the machine comes in as an argument. */

/**
 * @typedef {{ platform: 'linux' | 'win32' | 'darwin', arch: 'x64' | 'arm64', formats: string[] }} Target formats as electron-builder calls them
 */

/**
 * On Linux everything that can be made there; Windows and macOS make their own. Linux cannot make a dmg (no hdiutil), nor sign for macOS.
 * @param {{ platform: string, arch: string }} machine Node's names
 * @param {{ standIns: boolean }} tools `standIns`: without GitHub, so without the plugins that the NSIS installer needs
 * @returns {Target[]}
 */
export function targetsOf({ platform, arch }, { standIns }) {
  switch (platform) {
    case 'win32':
      return [{ platform, arch: 'x64', formats: ['nsis', 'portable'] }];
    case 'darwin':
      return ['x64', 'arm64'].map((each) => ({ platform, arch: each, formats: ['dmg', 'zip'] }));
    default:
      return [
        { platform: 'linux', arch: arch === 'arm64' ? 'arm64' : 'x64', formats: ['AppImage', 'deb'] },
        { platform: 'win32', arch: 'x64', formats: standIns ? ['portable'] : ['nsis', 'portable'] },
        { platform: 'darwin', arch: 'arm64', formats: ['zip'] },
      ];
  }
}

/** electron-builder's word for a platform, as in its `${os}`. */
export const OS_NAMES = { linux: 'linux', win32: 'win', darwin: 'mac' };

/** Where electron-builder leaves a target unpacked, below its output folder. */
export function unpackedFolder({ platform, arch }) {
  if (platform === 'darwin') return arch === 'x64' ? 'mac' : `mac-${arch}`;
  return `${OS_NAMES[platform]}${arch === 'x64' ? '' : `-${arch}`}-unpacked`;
}

/** The folder with `engine/` and `app.asar` in an unpacked target. */
export function resourcesFolder({ platform }) {
  return platform === 'darwin' ? 'Stoker.app/Contents/Resources' : 'resources';
}
