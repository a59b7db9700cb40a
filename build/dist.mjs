/**
 * `npm run dist`: the packages for this system, in `dist/packages/`. What is in them stands in electron-builder.yml and build/packaging/.
 *
 *   --release          refuses stand-ins: fails where the real Electron cannot be downloaded
 *   --only linux,mac   of what this system can build, these alone (linux, win, mac)
 *   --formats nsis     these formats alone
 *   --quick            packs loosely, for tests
 *   --build <folder>   a finished build instead of dist/
 *   --output <folder>
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Arch, build, Platform } from 'electron-builder';
import { stageApp } from './packaging/app-stage.mjs';
import { canDownloadElectron, releaseElectronVersion, standInsFor } from './packaging/electron-source.mjs';
import { stageEngine } from './packaging/engine-stage.mjs';
import { fusesFor } from './packaging/fuses.mjs';
import { addNodeLicence } from './packaging/node-runtime.mjs';
import { closingNotes } from './packaging/notes.mjs';
import { measure, sizeTable } from './packaging/sizes.mjs';
import { OS_NAMES, resourcesFolder, targetsOf, unpackedFolder } from './packaging/targets.mjs';
import { checkNode, ensureBuilt, ensureInstalled, root } from './prepare.mjs';

const { values: options } = parseArgs({
  options: {
    release: { type: 'boolean', default: false },
    only: { type: 'string' },
    formats: { type: 'string' },
    quick: { type: 'boolean', default: false },
    build: { type: 'string' },
    output: { type: 'string', default: join(root, 'dist/packages') },
  },
});

checkNode();
ensureInstalled();
if (options.build === undefined) ensureBuilt();
const built = resolve(options.build ?? join(root, 'dist'));
const output = resolve(options.output);
const staging = join(output, '.staging');

const standIns = !(await canDownloadElectron());
if (standIns && options.release) {
  console.error(`Electron ${releaseElectronVersion()} cannot be downloaded from here, and a release carries no other.`);
  process.exit(1);
}
const targets = chosenTargets();

rmSync(output, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });
stageApp(built, join(staging, 'app'));

const sizes = [];
for (const target of targets) {
  const engine = join(staging, `engine-${target.platform}-${target.arch}`);
  stageEngine(target, built, engine);
  if (!standIns) await addNodeLicence(join(engine, 'engine/node'));
  const packages = await pack(target, engine);
  sizes.push(measure(output, target, packages));
  rmSync(join(output, unpackedFolder(target)), { recursive: true, force: true });
}
rmSync(staging, { recursive: true, force: true });
for (const name of ['builder-debug.yml', 'builder-effective-config.yaml']) rmSync(join(output, name), { force: true });
writeFileSync(join(output, 'sizes.json'), `${JSON.stringify(sizes, null, 2)}\n`);
console.log(sizeTable(sizes));
console.log(`\n${closingNotes({ output, standIns, targets, environment: process.env }).join('\n')}`);

function chosenTargets() {
  const all = targetsOf(process, { standIns });
  const only = options.only?.split(',');
  const formats = options.formats?.split(',');
  return all
    .filter(({ platform }) => only === undefined || only.includes(OS_NAMES[platform]))
    .map((target) => (formats === undefined ? target : { ...target, formats }));
}

/** @returns {Promise<string[]>} the finished packages, without the descriptions for updates */
async function pack(target, engine) {
  const electron = standIns ? standInsFor(target, staging) : { electronVersion: releaseElectronVersion() };
  const platform = { linux: Platform.LINUX, win32: Platform.WINDOWS, darwin: Platform.MAC }[target.platform];
  const made = await build({
    projectDir: root,
    publish: 'never',
    targets: platform.createTarget(target.formats, Arch[target.arch]),
    config: {
      ...electron,
      // There are none in the archive: it would otherwise search this checkout for them.
      beforeBuild: async () => false,
      extraResources: [{ from: engine, to: '.' }],
      directories: { app: join(staging, 'app'), output },
      electronFuses: fusesFor(target.platform, Number.parseInt(electron.electronVersion, 10)),
      // Without an address the shell says that this copy cannot update itself.
      publish: process.env.STOKER_UPDATE_URL ? [{ provider: 'generic', url: process.env.STOKER_UPDATE_URL }] : null,
      ...(options.quick
        ? { compression: 'store', deb: { compression: 'gz', fpm: ['--deb-compression-level', '1'] } }
        : {}),
      ...(standIns ? { afterPack: dropDevelopmentFiles(target), nsis: { installerLanguages: ['en_US'] } } : {}),
      // Its runtime carries what it needs to mount itself; the older one of the stand-ins needs libfuse2 installed.
      ...(standIns ? {} : { toolsets: { appimage: '1.0.3' } }),
    },
  });
  return made.filter((path) => /\.(AppImage|deb|exe|dmg|zip)$/.test(path));
}

/** An Electron that is not downloaded is copied whole, with what only development needs. */
function dropDevelopmentFiles(target) {
  return ({ appOutDir }) => {
    rmSync(join(appOutDir, resourcesFolder(target), 'default_app.asar'), { force: true });
    rmSync(join(appOutDir, 'version'), { force: true });
  };
}
