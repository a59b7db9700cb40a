/** The ember of Stoker, our own drawing: how much of the flame is lit tells the state. As a description and as an SVG file for the tab. */
import type { Mood } from './mood.ts';

/** `unknown` while the engine is unreachable or has not answered yet. */
export type FlameMood = Mood | 'unknown';

export interface Flame {
  /** Share of the flame that is lit, from below: 0 is a cold coal, 1 a full flame. */
  readonly lit: number;
  readonly tone: 'ember' | 'danger' | 'ash';
  /** A small bright core: work is going on. */
  readonly core: boolean;
}

/** Side of the square it is drawn in, and the part of that which the flame fills: left, top, width, height. */
export const FLAME_SIZE = 32;
export const FLAME_BOX = [5.5, 1.5, 21, 29] as const;
/** The outer flame, with a tongue that leans right and a notch on the left. */
export const FLAME_PATH =
  'M17.6 2.5c1 4.3-.6 6.9-3 9.7-.9 1.05-1.9 2.1-2.7 3.3-.7-.75-1.1-1.7-1.25-2.9C8.3 14.9 6.5 17.7 6.5 20.6c0 5 4.2 8.9 9.5 8.9s9.5-3.9 9.5-8.9c0-4.1-2-6.9-3.9-9.6-2-2.8-3.9-5.2-4-8.5z';
/** The bright core low inside it. */
export const CORE_PATH =
  'M16.3 16.5c.3 2-.7 3-1.7 4.2-.8.95-1.6 1.9-1.6 3.3 0 1.8 1.4 3.1 3.1 3.1s3.1-1.3 3.1-3.1c0-1.7-.8-2.8-1.6-4-.7-1.05-1.3-2-1.3-3.5z';

/** @param bootFraction how far a start has come, null when unknown */
export function flameOf(mood: FlameMood, bootFraction: number | null = null): Flame {
  switch (mood) {
    case 'waking':
      return { lit: 0.2 + 0.7 * (bootFraction ?? 0.4), tone: 'ember', core: false };
    case 'ready':
      return { lit: 1, tone: 'ember', core: false };
    case 'working':
      return { lit: 1, tone: 'ember', core: true };
    case 'stopping':
      return { lit: 0.35, tone: 'ember', core: false };
    case 'backingOff':
      return { lit: 0.35, tone: 'danger', core: false };
    case 'failed':
      return { lit: 1, tone: 'danger', core: false };
    default:
      return { lit: 0, tone: 'ash', core: false };
  }
}

/** Where the lit part begins, in the drawing's own units from the top. */
export function litTop(lit: number): number {
  const [top, bottom] = [2, 30];
  return bottom - (bottom - top) * Math.min(1, Math.max(0, lit));
}

/** A tab's icon has no style sheet and both light and dark tab strips: colours that hold on either. */
const ICON_COLOURS: Record<Flame['tone'], string> = { ember: '#ea580c', danger: '#dc2626', ash: '#8a817a' };

/** A data URI for `<link rel="icon">`. */
export function flameIcon(flame: Flame): string {
  const colour = ICON_COLOURS[flame.tone];
  const core = flame.core ? `<path d="${CORE_PATH}" fill="#fde68a"/>` : '';
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${FLAME_SIZE} ${FLAME_SIZE}">` +
    `<clipPath id="l"><path d="M0 ${litTop(flame.lit).toFixed(1)}h32V32H0z"/></clipPath>` +
    `<path d="${FLAME_PATH}" fill="${colour}" clip-path="url(#l)"/>${core}` +
    `<path d="${FLAME_PATH}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
