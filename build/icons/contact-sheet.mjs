/** Every tray picture in every size on a light and a dark panel, for human eyes: tests/output/tray-icons.png. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TRAY_STATES, traySvg } from './drawing.mjs';

const SIZES = [16, 18, 22, 24, 32, 48];
const PANELS = [
  { colour: '#f3f3f3', template: false },
  { colour: '#1f1f1f', template: false },
  { colour: '#f3f3f3', template: true },
];
const [CELL, ROW, WIDTH] = [60, 64, 560];

/** @param {{ png(svg: string, size: number): Promise<Buffer> }} rasteriser @param {string} root of the repository */
export async function drawContactSheet(rasteriser, root) {
  const images = [];
  const uri = async (svg, size) => `data:image/png;base64,${(await rasteriser.png(svg, size)).toString('base64')}`;
  let y = 0;
  for (const { colour, template } of PANELS) {
    for (const state of TRAY_STATES) {
      images.push(`<rect x="0" y="${y}" width="${WIDTH}" height="${ROW}" fill="${colour}"/>`);
      let x = 10;
      for (const size of SIZES) {
        const href = await uri(traySvg(state, { size, template }), size);
        images.push(`<image x="${x}" y="${y + 8}" width="${size}" height="${size}" href="${href}"/>`);
        x += CELL;
      }
      // The 16 px picture, pixel by pixel: where a drawing fails first.
      for (const size of [16, 22]) {
        const href = await uri(traySvg(state, { size, template }), size);
        images.push(
          `<image x="${x}" y="${y}" width="${ROW}" height="${ROW}" href="${href}" style="image-rendering:pixelated"/>`,
        );
        x += ROW + 12;
      }
      y += ROW;
    }
  }
  const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="${y}" height="${y}" viewBox="0 0 ${y} ${y}">${images.join('')}</svg>`;
  mkdirSync(resolve(root, 'tests/output'), { recursive: true });
  writeFileSync(resolve(root, 'tests/output/tray-icons.png'), await rasteriser.png(sheet, y));
}
