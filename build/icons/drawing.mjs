/**
 * The pictures of Stoker as SVG text: one flame, and what is done to it tells the state. Only drawing: icons.mjs makes files of it.
 * States differ by shape, not by colour alone, and lines grow thicker as the picture gets smaller.
 */

/** The flame of the dashboard (renderer/lib/flame.ts; a test holds them together), in a square of 32. */
export const FLAME =
  'M16.8 2c.9 4.6 5 7.7 7.1 12 1.1 2.2 1.6 4.3 1.6 6.4 0 5.4-4.2 9.6-9.5 9.6s-9.5-4.2-9.5-9.5c0-3.3 1.4-5.9 3.4-8.1.2 2.1.9 3.5 2.2 4.4-.2-5.7.9-10.7 4.7-14.8z';
export const CORE = 'M16.3 17.6c2.3 2.3 3.7 4.1 3.7 6.3 0 2.3-1.8 4.1-4 4.1s-4-1.8-4-4.1c0-2.2 2-3.7 4.3-6.3z';

export const TRAY_STATES = ['asleep', 'waking', 'ready', 'busy', 'remote', 'failed'];

/** Each holds at least 3:1 against light and dark panels. */
const COLOURS = { ember: '#ea580c', core: '#fde68a', ash: '#7c746d', danger: '#e5322d', remote: '#2f80ed' };

/** @param {{ size: number, template?: boolean }} look pixels of the side; `template`: black on nothing, for the macOS menu bar */
export function traySvg(state, { size, template = false }) {
  const colour = template ? dye('#000000') : (name) => COLOURS[name];
  return svg(32, size, TRAY[state]({ colour, template, line: lineWidth(size) }));
}

const dye = (colour) => () => colour;
/** 1.6 px at 16, 1.9 px at 24, never thinner than a fourteenth of the side. */
const lineWidth = (size) => Math.max(2.3, (32 / size) * (size < 20 ? 1.6 : 1.9));

const TRAY = {
  asleep: ({ colour, line }) => outline(colour('ash'), line),
  waking: ({ colour, line }) =>
    `<clipPath id="l"><path d="M0 20h32v12H0z"/></clipPath><path d="${FLAME}" fill="${colour('ember')}" clip-path="url(#l)"/>` +
    // Thinner: the empty half must be seen as empty.
    outline(colour('ember'), line * 0.85),
  ready: ({ colour }) => solid(colour('ember')),
  busy: ({ colour, template }) =>
    cut('core', solid(colour('ember')), `<path d="${BUSY_CORE}"/>`) +
    (template ? '' : `<path d="${BUSY_CORE}" fill="${colour('core')}"/>`) +
    `<g fill="${colour('ember')}">${SPARKS}</g>`,
  remote: ({ colour }) =>
    cut('gap', leftwards(solid(colour('remote'))), '<rect x="16" y="16" width="20" height="20" rx="4"/>') +
    `<path d="M20 20h10v10M20 30l9-9" fill="none" stroke="${colour('remote')}" stroke-width="4"/>`,
  failed: ({ colour, line }) =>
    cut('gap', leftwards(outline(colour('danger'), line)), '<circle cx="24" cy="24" r="9.8"/>') +
    cut('sign', `<circle cx="24" cy="24" r="8" fill="${colour('danger')}"/>`, EXCLAMATION),
};

/** The core of the dashboard is too small to see at 16 px; a greater one would make an outline of the flame. */
const BUSY_CORE = 'M16.2 15.6c2.6 2.8 4.3 5 4.3 7.6 0 2.6-2 4.4-4.5 4.4s-4.5-1.8-4.5-4.4c0-2.6 2.3-4.8 4.7-7.6z';
const SPARKS = '<circle cx="26" cy="6" r="2.2"/><circle cx="6" cy="6" r="2.2"/>';
// Whole pixels at 16 px, where half ones would wash it out.
const EXCLAMATION = '<path d="M22 18h4v6h-4zM22 26h4v2.5h-4z"/>';
const leftwards = (picture) => `<g transform="translate(-4 0)">${picture}</g>`;
const solid = (colour) =>
  `<path d="${FLAME}" fill="${colour}" stroke="${colour}" stroke-width="1" stroke-linejoin="round"/>`;
const outline = (colour, line) =>
  `<clipPath id="o"><path d="${FLAME}"/></clipPath>` +
  `<path d="${FLAME}" fill="none" stroke="${colour}" stroke-width="${line * 2}" stroke-linejoin="round" clip-path="url(#o)"/>`;

/** Takes the black shape `hole` out of the picture. `id`: of the mask, unique within one SVG. */
const cut = (id, picture, hole) =>
  `<mask id="${id}" maskUnits="userSpaceOnUse" x="0" y="0" width="32" height="32"><path d="M0 0h32v32H0z" fill="#fff"/>` +
  `<g>${hole}</g></mask><g mask="url(#${id})">${picture}</g>`;

const svg = (box, size, body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${box} ${box}">${body}</svg>`;

/**
 * The application: the burning flame on a dark plate.
 * @param {{ size: number, plate: number }} look `plate`: share of the side the rounded square fills; macOS wants room around it
 */
export function appSvg({ size, plate }) {
  const side = 1024 * plate;
  const edge = (1024 - side) / 2;
  // Small pictures need all of the room for the flame.
  const scale = (side * (size <= 48 ? 0.9 : 0.76)) / 32;
  const shift = 512 - 16 * scale;
  const square = `x="${edge}" y="${edge}" width="${side}" height="${side}" rx="${(side * 0.2237).toFixed(1)}"`;
  return svg(
    1024,
    size,
    `<defs>${gradient('plate', ['#3a302a', '#16110e'])}${gradient('flame', ['#fb923c', '#ea580c', '#b93c0a'])}` +
      `${gradient('core', ['#fcd34d', '#fff3c4'])}<radialGradient id="glow" cx="0.5" cy="0.66" r="0.5">` +
      '<stop offset="0" stop-color="#ea580c" stop-opacity="0.5"/><stop offset="1" stop-color="#ea580c" stop-opacity="0"/>' +
      `</radialGradient></defs><rect ${square} fill="url(#plate)"/><rect ${square} fill="url(#glow)"/>` +
      `<g transform="translate(${shift} ${shift}) scale(${scale})"><path d="${FLAME}" fill="url(#flame)"/>` +
      `<path d="${size <= 48 ? BUSY_CORE : CORE}" fill="url(#core)"/></g>`,
  );
}

/** From above to below. */
const gradient = (id, colours) =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">` +
  colours.map((colour, index) => `<stop offset="${index / (colours.length - 1)}" stop-color="${colour}"/>`).join('') +
  '</linearGradient>';
