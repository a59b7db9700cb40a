/**
 * What the suites need from the system beyond Node: programs and libraries, each with the Debian package that brings it. Installs what is
 * missing where that is ours to do: as root on Debian.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @typedef {{ package: string, program?: string, library?: string }} Need `program`: a name on the PATH, or a path */

/** A desktop without a person: display, buses, what Electron is linked against, key store, a panel and pictures of it. @type {Need[]} */
export const DESKTOP_NEEDS = [
  { package: 'xvfb', program: 'Xvfb' },
  { package: 'dbus', program: 'dbus-daemon' },
  { package: 'gnome-keyring', program: 'gnome-keyring-daemon' },
  { package: 'xfce4-panel', program: 'xfce4-panel' },
  { package: 'xfconf', program: 'xfconf-query' },
  { package: 'xdotool', program: 'xdotool' },
  { package: 'imagemagick', program: 'import' },
  { package: 'libgtk-3-0', library: 'libgtk-3.so.0' },
  { package: 'libnss3', library: 'libnss3.so' },
  { package: 'libasound2', library: 'libasound.so.2' },
  { package: 'libgbm1', library: 'libgbm.so.1' },
  { package: 'libnotify4', library: 'libnotify.so.4' },
  { package: 'libsecret-1-0', library: 'libsecret-1.so.0' },
  { package: 'libxss1', library: 'libXss.so.1' },
];

/** For `npm run dist`. @type {Need[]} */
export const PACKAGING_NEEDS = [
  { package: 'squashfs-tools', program: 'mksquashfs' },
  { package: 'desktop-file-utils', program: 'desktop-file-validate' },
  { package: 'p7zip-full', program: '7z' },
  { package: 'nsis', program: 'makensis' },
];

/**
 * @param {string} purpose for the line that says what is installed
 * @param {Need[]} needs
 * @returns {string[]} the packages that are still missing
 */
export function ensureDebianPackages(purpose, needs) {
  const missing = missingOf(needs);
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (missing.length === 0 || !mayInstall) return missing;
  console.log(`Installing ${missing.join(', ')} for ${purpose} (apt-get)…`);
  const quiet = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  spawnSync('apt-get', ['update', '-qq'], quiet);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet);
  return missingOf(needs);
}

function missingOf(needs) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const libraries = needs.some(({ library }) => library) ? knownLibraries(folders) : '';
  const isThere = ({ program, library }) =>
    library === undefined ? findProgram(program, folders) !== undefined : libraries.includes(`\t${library} `);
  return needs.filter((need) => !isThere(need)).map((need) => need.package);
}

function findProgram(program, folders) {
  const candidates = program.includes('/') ? [program] : folders.map((folder) => join(folder, program));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What the loader finds, a line each. */
function knownLibraries(folders) {
  const program = findProgram('ldconfig', folders);
  return program === undefined ? '' : String(spawnSync(program, ['-p'], { encoding: 'utf8' }).stdout);
}
