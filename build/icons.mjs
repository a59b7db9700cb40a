/**
 * Draws every icon of the product anew: `node build/icons.mjs`, after a change in build/icons/. Its outputs are committed, so that nothing
 * else needs a browser: resources/desktop/ (read at run time), build/package/ (read by electron-builder), a contact sheet in tests/output/.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { drawContactSheet } from './icons/contact-sheet.mjs';
import { ICNS_SIZES, icnsOf, icoOf } from './icons/containers.mjs';
import { TRAY_STATES } from './icons/drawing.mjs';
import * as files from './icons/files.mjs';
import { openRasteriser } from './icons/rasterise.mjs';

const root = resolve(import.meta.dirname, '..');
const rasteriser = await openRasteriser();
const png = (draw, size) => rasteriser.png(draw(size), size);
const pngs = (draw, sizes) => Promise.all(sizes.map((size) => png(draw, size)));

function write(path, content) {
  const file = resolve(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

try {
  for (const state of TRAY_STATES) {
    const folder = 'resources/desktop/tray';
    const tray = (size) => files.tray(state, size);
    const template = (size) => files.template(state, size);
    for (const size of files.TRAY_SIZES) write(`${folder}/${state}-${size}.png`, await png(tray, size));
    write(`${folder}/${state}.ico`, icoOf(await pngs(tray, files.TRAY_ICO_SIZES)));
    write(`${folder}/${state}Template.png`, await png(template, files.TEMPLATE_SIZE));
    write(`${folder}/${state}Template@2x.png`, await png(template, 2 * files.TEMPLATE_SIZE));
  }
  write('resources/desktop/icon.png', await png(files.app, 256));
  write('build/package/icon.png', await png(files.app, 512));
  write('build/package/icon.ico', icoOf(await pngs(files.app, files.APP_ICO_SIZES)));
  const apple = await pngs(files.appleApp, ICNS_SIZES);
  write('build/package/icon.icns', icnsOf(new Map(ICNS_SIZES.map((size, index) => [size, apple[index]]))));
  for (const size of files.LINUX_SIZES) write(`build/package/icons/${size}x${size}.png`, await png(files.app, size));
  write('build/icons/fingerprint.txt', `${files.fingerprint()}\n`);
  await drawContactSheet(rasteriser, root);
} finally {
  await rasteriser.close();
}
