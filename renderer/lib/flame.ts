/** The ember of Stoker, our own drawing: how much of the flame is lit tells the state. As a description and as an SVG file for the tab. */

import type { Mood } from '../../strings/vocabulary.ts';
import { assertNever } from './assert-never.ts';

/** `unknown` while the engine is unreachable or has not answered yet. */
export type FlameMood = Mood | 'unknown';

export interface Flame {
  /** Share of the flame that is lit, from below: 0 is a cold coal, 1 a full flame. */
  readonly lit: number;
  readonly tone: 'ember' | 'danger' | 'ash';
  /** A small bright core: work is going on. */
  readonly core: boolean;
  /** A broken outline: nobody knows. */
  readonly dashed: boolean;
}

/** Side of the square it is drawn in, and the part of that which the flame fills: left, top, width, height. */
export const FLAME_SIZE = 32;
export const FLAME_BOX = [5.5, 1.5, 21, 29] as const;
/** A tall tongue, and a small one at its left shoulder. */
export const FLAME_PATH =
  'M16.8 2c.9 4.6 5 7.7 7.1 12 1.1 2.2 1.6 4.3 1.6 6.4 0 5.4-4.2 9.6-9.5 9.6s-9.5-4.2-9.5-9.5c0-3.3 1.4-5.9 3.4-8.1.2 2.1.9 3.5 2.2 4.4-.2-5.7.9-10.7 4.7-14.8z';
export const DASHES = '4.5 3';
/** The bright core low inside it. */
export const CORE_PATH = 'M16.3 17.6c2.3 2.3 3.7 4.1 3.7 6.3 0 2.3-1.8 4.1-4 4.1s-4-1.8-4-4.1c0-2.2 2-3.7 4.3-6.3z';

/** @param bootFraction how far a start has come, null when unknown */
export function flameOf(mood: FlameMood, bootFraction: number | null = null): Flame {
  const cold: Flame = { lit: 0, tone: 'ash', core: false, dashed: false };
  switch (mood) {
    case 'unknown':
      return { ...cold, dashed: true };
    case 'unconfigured':
    case 'asleep':
    case 'lent':
      return cold;
    case 'waking':
      return { ...cold, lit: 0.2 + 0.7 * (bootFraction ?? 0.4), tone: 'ember' };
    case 'ready':
      return { ...cold, lit: 1, tone: 'ember' };
    case 'working':
      return { ...cold, lit: 1, tone: 'ember', core: true };
    case 'stopping':
      return { ...cold, lit: 0.35, tone: 'ember' };
    case 'backingOff':
      return { ...cold, lit: 0.35, tone: 'danger' };
    case 'failed':
      return { ...cold, lit: 1, tone: 'danger' };
    default:
      return assertNever(mood);
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
  const dashes = flame.dashed ? ` stroke-dasharray="${DASHES}"` : '';
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${FLAME_SIZE} ${FLAME_SIZE}">` +
    `<clipPath id="l"><path d="M0 ${litTop(flame.lit).toFixed(1)}h32V32H0z"/></clipPath>` +
    `<path d="${FLAME_PATH}" fill="${colour}" clip-path="url(#l)"/>${core}` +
    `<path d="${FLAME_PATH}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"${dashes}/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
