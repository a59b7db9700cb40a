/** Gathers what goes into the application's archive: the bundled shell, its pictures and pages, a package.json without dependencies. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../prepare.mjs';

/** Until the project has an address. `.invalid` never resolves. */
const NO_HOMEPAGE = 'https://stoker.invalid';

/**
 * @param {string} build the folder that `build/build.mjs` filled
 * @param {string} folder is made anew
 */
export function stageApp(build, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(build, 'electron'), join(folder, 'dist/electron'), { recursive: true });
  cpSync(join(root, 'resources/desktop'), join(folder, 'resources/desktop'), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const { name, version, description, license, type, main } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const manifest = {
    name,
    productName: 'Stoker',
    version,
    description,
    license,
    type,
    main,
    // By this name a Linux desktop finds the entry of a window, and of stoker:// links.
    desktopName: 'stoker-desktop.desktop',
    homepage: process.env.STOKER_HOMEPAGE || NO_HOMEPAGE,
    author: 'The Stoker developers',
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
