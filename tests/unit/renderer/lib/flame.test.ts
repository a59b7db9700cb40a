import { describe, expect, test } from 'vitest';
import { type FlameMood, flameIcon, flameOf, litTop } from '../../../../renderer/lib/flame.ts';

const MOODS: readonly FlameMood[] = [
  'unknown',
  'unconfigured',
  'asleep',
  'waking',
  'ready',
  'working',
  'stopping',
  'backingOff',
  'failed',
];

test('what differs for the user differs in the tab: unknown, cold, waking, ready, working, crashed and failed', () => {
  const icons = (['unknown', 'asleep', 'waking', 'ready', 'working', 'backingOff', 'failed'] as const).map((mood) =>
    flameIcon(flameOf(mood)),
  );
  expect(new Set(icons).size).toBe(icons.length);
});

describe('waking', () => {
  test('the flame rises with the start and is never full before it is ready', () => {
    const lit = [0, 0.5, 0.97].map((fraction) => flameOf('waking', fraction).lit);
    expect(lit).toEqual([...lit].sort((a, b) => a - b));
    expect(lit.at(-1)).toBeLessThan(1);
  });
});

test.each(MOODS)('%s: the icon is a whole SVG that needs no network', (mood) => {
  const icon = flameIcon(flameOf(mood));
  expect(icon).toMatch(/^data:image\/svg\+xml,/);
  const svg = decodeURIComponent(icon.slice(icon.indexOf(',') + 1));
  expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"') && svg.endsWith('</svg>')).toBe(true);
  expect(svg).not.toContain('NaN');
});

test('the lit part stays inside the drawing', () => {
  expect([litTop(-1), litTop(0), litTop(1), litTop(2)]).toEqual([30, 30, 2, 2]);
});
