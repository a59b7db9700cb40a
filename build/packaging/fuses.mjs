/**
 * Electron's fuses, as the packages have them: switches in the program file that end whole ways into it. Pure decision, and a reader of what
 * a program file says, for the tests. Setting them is electron-builder's.
 */

/** In the order of the wire (electron/build/fuses/fuses.json5). */
export const FUSE_NAMES = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
];

const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const STATES = { 48: false, 49: true, 114: 'removed' };

/** The first Electron whose Windows program checks its archive. */
const WINDOWS_INTEGRITY_SINCE = 30;
/** The first Electron whose wire has this fuse; naming it to an older one is an error. */
const FILE_PRIVILEGES_SINCE = 29;

/**
 * electron-builder's `electronFuses` for one platform.
 * @param {'linux' | 'win32' | 'darwin'} platform
 * @param {number} electronMajor
 */
export function fusesFor(platform, electronMajor) {
  return {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    // Linux has no such check.
    enableEmbeddedAsarIntegrityValidation:
      platform === 'darwin' || (platform === 'win32' && electronMajor >= WINDOWS_INTEGRITY_SINCE),
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    ...(electronMajor >= FILE_PRIVILEGES_SINCE ? { grantFileProtocolExtraPrivileges: false } : {}),
  };
}

/**
 * @param {Buffer} program the executable; on macOS the file `Electron Framework`
 * @returns {Record<string, boolean | 'removed'>} by name; fuses that this Electron does not have are absent
 */
export function readFuses(program) {
  const at = program.indexOf(SENTINEL);
  if (at < 0) throw new Error('There is no fuse wire in this program.');
  const length = program[at + SENTINEL.length + 1];
  const wire = program.subarray(at + SENTINEL.length + 2, at + SENTINEL.length + 2 + length);
  return Object.fromEntries(
    FUSE_NAMES.slice(0, length).map((name, index) => [name, STATES[wire[index]] ?? `unknown (${wire[index]})`]),
  );
}
