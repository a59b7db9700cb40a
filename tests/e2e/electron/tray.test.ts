/** The tray of the real shell, read and clicked over D-Bus: what it says in each state, and that its deeds reach the engine and ComfyUI. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PNG } from 'pngjs';
import { afterEach, expect, it } from 'vitest';
import { TRAY_ICONS } from '../../../electron/tray/icon-of-state.ts';
import type { TrayIcon } from '../../support/desktop-tray.ts';
import { startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';
import { workflow } from '../../support/workflows.ts';

afterEach(stopDesktops);

/** The state whose drawing the panel got. */
async function stateShown(tray: TrayIcon): Promise<string | undefined> {
  const shown = await tray.icon();
  return TRAY_ICONS.find((state) => {
    const drawn = PNG.sync.read(readFileSync(resolve('resources/desktop/tray', `${state}-${shown.width}.png`)));
    return sameDrawing(shown, drawn);
  });
}

/** But for the rounding of colours under a half transparent pixel. */
function sameDrawing(one: PNG, other: PNG): boolean {
  return one.data.every((value, at) => {
    const alpha = at % 4 === 3 ? 255 : (one.data[at | 3] ?? 0);
    return (Math.abs(value - (other.data[at] ?? 0)) * alpha) / 255 <= 2;
  });
}

it('from asleep through waking to ready and back, tooltip, icon and menu say how things stand', async () => {
  const desktop = await startDesktop();
  const { tray, until } = await desktop.start();

  await expect.poll(() => tray.tooltip()).toMatch(/^Stoker demo: Asleep, the card is free/);
  expect(await stateShown(tray)).toBe('asleep');
  expect(await tray.menuText()).toMatchSnapshot('asleep');

  await tray.click('Start ComfyUI');
  await expect.poll(() => tray.tooltip()).toContain('Waking');
  expect(await stateShown(tray)).toBe('waking');
  await until(({ state }) => state === 'running');
  await expect.poll(() => tray.tooltip()).toMatch(/^Stoker demo: Ready\n(.*\n)?Sleeps in \d+ min/);
  expect(await stateShown(tray)).toBe('ready');
  expect(await tray.menuText()).toMatchSnapshot('ready');

  await tray.click('Sleep Now');
  await until(({ state }) => state === 'stopped');
  await expect.poll(() => tray.tooltip()).toContain('Asleep');
});

it('while it works the tooltip counts the queue, and it can be told to sleep when that is done', async () => {
  const desktop = await startDesktop();
  const { tray, until, post } = await desktop.start();
  for (const seed of [1, 2]) {
    const prompt = workflow('slow_progress_10s', { '2.seconds': 4, '2.steps': 8, '1.color': seed });
    expect((await post('/prompt', { prompt })).status).toBe(200);
  }
  await expect.poll(() => tray.tooltip()).toMatch(/Working\nVRAM .*\n1 running, 1 waiting/);
  expect(await stateShown(tray)).toBe('busy');
  expect(await tray.menuText()).toMatchSnapshot('busy');

  await tray.click('Sleep When the Queue Is Done');
  await expect.poll(() => tray.menuText()).toContain('✓ Sleep When the Queue Is Done');
  await until(({ state, reasonCode }) => state === 'stopped' && reasonCode !== 'idle');
});

it('keeps awake, and frees VRAM, from the menu', async () => {
  const desktop = await startDesktop();
  const { tray, until } = await desktop.start();
  await expect.poll(() => tray.tooltip()).toContain('Asleep');
  await tray.click('Start ComfyUI');
  await until(({ state }) => state === 'running');
  await expect.poll(() => tray.tooltip()).toContain('Ready');

  await tray.click('Keep Awake', 'For 1 Hour');
  await until(({ idle }) => idle.keepAwakeUntil !== null);
  await expect.poll(() => tray.menuText()).toMatch(/Keep Awake \(until \d\d:\d\d\)/);
  await tray.click('Free VRAM');
  await until(({ idle }) => idle.freed);
});

it('pauses: ComfyUI gives the card away at once, and comes back on a click', async () => {
  const desktop = await startDesktop();
  const { tray, until } = await desktop.start();
  await expect.poll(() => tray.tooltip()).toContain('Asleep');
  await tray.click('Start ComfyUI');
  await until(({ state }) => state === 'running');
  await expect.poll(() => tray.tooltip()).toContain('Ready');

  await tray.click('Pause and Free the Card');
  await until(({ courtesy }) => courtesy.state === 'yielded');
  await expect.poll(() => tray.tooltip()).toContain('Paused, the card is free');
  await tray.click('Resume');
  await until(({ courtesy }) => courtesy.state === 'none');
});

it('speaks German where the desktop does', async () => {
  const desktop = await startDesktop();
  const { tray } = await desktop.start({ preferences: { language: 'de' } });
  await expect.poll(() => tray.menuText()).toContain('\nComfyUI starten');
  expect(await tray.menuText()).toMatchSnapshot('asleep in German');
});
