/**
 * Which Electron the packages carry, and the tools electron-builder needs for it. Where GitHub answers: the Electron of package.json and
 * electron-builder's own tools. Elsewhere stand-ins, which prove the packaging and are never for people: the Electron of the tests, Debian's tools.
 */
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { layOutElectron, WHEEL_VERSION } from '../electron-runtime.mjs';
import { root } from '../prepare.mjs';

const ANSWER_LIMIT_MS = 10_000;
const PARTS = { 'linux-x64': 'linux', 'win32-x64': 'win', 'darwin-arm64': 'mac-arm64', 'darwin-x64': 'mac-x64' };

/** The Electron that people get. */
export function releaseElectronVersion() {
  return JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')).version;
}

/** Whether the real Electron can be downloaded here. */
export async function canDownloadElectron() {
  const url = `https://github.com/electron/electron/releases/download/v${releaseElectronVersion()}/SHASUMS256.txt`;
  try {
    return (await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })).ok;
  } catch {
    return false;
  }
}

/**
 * The stand-in Electron for a target, and this process's environment set so that electron-builder takes its tools from this machine.
 * @returns {{ electronVersion: string, electronDist: string }} for electron-builder's configuration
 */
export function standInsFor(target, stagingFolder) {
  const part = PARTS[`${target.platform}-${target.arch}`];
  if (part === undefined) {
    throw new Error(
      `Without GitHub there is no Electron for ${target.platform} on ${target.arch}: build where it can be reached.`,
    );
  }
  const { dist, toolset } = layOutElectron(part);
  const tools = { ELECTRON_BUILDER_7ZIP_PATH: '/usr/bin/7za' };
  if (target.platform === 'linux') {
    tools.APPIMAGE_TOOLS_PATH = join(toolset, 'appimage');
    tools.CUSTOM_FPM_PATH = join(import.meta.dirname, 'stand-in-fpm.mjs');
  }
  if (target.platform === 'win32') {
    tools.ELECTRON_BUILDER_NSIS_DIR = join(toolset, 'nsis');
    tools.ELECTRON_BUILDER_NSIS_RESOURCES_DIR = join(toolset, 'nsis-resources');
    tools.PATH = [folderWithWine(stagingFolder), process.env.PATH].join(delimiter);
  }
  for (const [name, value] of Object.entries(tools)) {
    // What the user named wins: the installer needs plugins that only they can bring.
    if (name === 'PATH' || !process.env[name]) process.env[name] = value;
  }
  return { electronVersion: WHEEL_VERSION, electronDist: dist };
}

/** electron-builder looks for a program of that name. */
function folderWithWine(stagingFolder) {
  const folder = join(stagingFolder, 'bin');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(import.meta.dirname, 'stand-in-wine.mjs'), join(folder, 'wine'));
  return folder;
}
