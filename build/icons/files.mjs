/** Which icon files there are, and the drawing behind each; and a fingerprint of all drawings, by which a test knows stale files. */
import { createHash } from 'node:crypto';
import { appSvg, TRAY_STATES, traySvg } from './drawing.mjs';

/** Panels of 16 to 32 points, at one and two pixels a point. */
export const TRAY_SIZES = [16, 22, 24, 32, 44, 48, 64];
/** What Windows asks of its notification area at 100 to 300 percent. */
export const TRAY_ICO_SIZES = [16, 20, 24, 32, 40, 48];
/** Points of a macOS menu bar icon; the file twice as large is `@2x`. */
export const TEMPLATE_SIZE = 18;
export const APP_ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
export const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];

const ROUNDED = 0.94;
/** Apple's grid: a plate of 824 in 1024. */
const APPLE = 824 / 1024;

export const app = (size) => appSvg({ size, plate: size <= 48 ? 1 : ROUNDED });
export const appleApp = (size) => appSvg({ size, plate: APPLE });
export const tray = (state, size) => traySvg(state, { size });
export const template = (state, size) => traySvg(state, { size, template: true });

/** Changes when any picture would. */
export function fingerprint() {
  const sizes = [
    ...new Set([...TRAY_SIZES, ...TRAY_ICO_SIZES, ...LINUX_SIZES, TEMPLATE_SIZE, 2 * TEMPLATE_SIZE, 1024]),
  ];
  const drawings = sizes.flatMap((size) => [
    app(size),
    appleApp(size),
    ...TRAY_STATES.flatMap((state) => [tray(state, size), template(state, size)]),
  ]);
  return createHash('sha256').update(drawings.join('\n')).digest('hex');
}
