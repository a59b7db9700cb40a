/** The icon in a real panel: legible on light and dark, at simple and twice the density, different in each state. Pictures go to tests/output/desktop/. */
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterEach, expect, it } from 'vitest';
import { builtProgram } from '../../support/desktop-application.ts';
import {
  clickOnScreen,
  PANEL_SETTINGS,
  pictureOfScreen,
  picturePath,
  startPanel,
} from '../../support/desktop-panel.ts';
import { type Desktop, type Stoker, startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';
import { workflow } from '../../support/workflows.ts';

afterEach(stopDesktops);

const LEAST_CONTRAST = 3;
const PANEL_POINTS = 30;
const WIDTH_PX = 1280;

const looks = [
  { dark: false, scale: 1 },
  { dark: true, scale: 1 },
  { dark: false, scale: 2 },
  { dark: true, scale: 2 },
] as const;
type Look = (typeof looks)[number];

const nameOf = ({ dark, scale }: Look): string => `tray-${dark ? 'dark' : 'light'}-${scale}x`;

async function startWithPanel(look: Look): Promise<Desktop> {
  const desktop = await startDesktop({ servesTrayWatcher: false, starts: [PANEL_SETTINGS] });
  await startPanel(desktop.session, { ...look, height: PANEL_POINTS });
  return desktop;
}

const switchesFor = ({ scale }: Look): string[] => [`--force-device-scale-factor=${scale}`];

/** The corner of the panel with the icon; waits until a new one is drawn. */
async function corner(desktop: Desktop, look: Look, state: string, unlike: readonly PNG[]): Promise<PNG> {
  const size = PANEL_POINTS * look.scale;
  const part = { x: WIDTH_PX - size * 2, y: 0, width: size * 2, height: size };
  let shown: PNG | undefined;
  await expect
    .poll(
      () => {
        shown = PNG.sync.read(readFileSync(pictureOfScreen(desktop.session, `${nameOf(look)}-${state}`, part)));
        return strongestContrast(shown) > 1.2 && unlike.every((other) => !other.data.equals(shown?.data ?? other.data));
      },
      { timeout: 15_000 },
    )
    .toBe(true);
  return shown as PNG;
}

/** As WCAG counts, of the pixel that differs most from the one in the corner. */
function strongestContrast({ data }: PNG): number {
  const background = luminance(data, 0);
  let strongest = 1;
  for (let at = 0; at < data.length; at += 4) {
    const [darker, lighter] = [background, luminance(data, at)].sort((one, other) => one - other) as [number, number];
    strongest = Math.max(strongest, (lighter + 0.05) / (darker + 0.05));
  }
  return strongest;
}

function luminance(data: Buffer, at: number): number {
  const [red, green, blue] = [0, 1, 2].map((channel) => {
    const share = (data[at + channel] ?? 0) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Leads ComfyUI through its states; calls back in each. */
async function throughStates(stoker: Stoker, program: string, inState: (name: string) => Promise<void>): Promise<void> {
  const { tray, post, until } = stoker;
  const tooltip = (words: string) => expect.poll(() => tray.tooltip(), { interval: 20 }).toContain(words);
  await tooltip('Asleep');
  await inState('asleep');
  await post('/manager/start', {});
  await tooltip('Waking');
  await inState('waking');
  await tooltip('Ready');
  await inState('ready');
  await post('/prompt', { prompt: workflow('slow_progress_10s', { '2.seconds': 30, '2.steps': 30 }) });
  await tooltip('Working');
  await inState('busy');
  // It cannot be started again: the crash stays on show.
  unlinkSync(program);
  process.kill((await until(({ pid }) => pid !== null)).pid as number, 'SIGKILL');
  await tooltip('Crashed');
  await inState('failed');
}

it.each(looks)('in a real panel each state has a picture of its own that stands out (%o)', async (look) => {
  const desktop = await startWithPanel(look);
  const program = join(desktop.session.folder, 'comfyui.js');
  symlinkSync(join(builtProgram(), 'simulator/comfyui.js'), program);
  const stoker = await desktop.start({
    switches: switchesFor(look),
    // Slow to wake, so that there is time for a picture of it.
    words: ['--port', '0'],
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${program}" --listen {host} --port {port} --sim-start-seconds 8`,
    },
  });
  const shown = new Map<string, PNG>();
  await throughStates(stoker, program, async (state) => {
    shown.set(state, await corner(desktop, look, state, [...shown.values()]));
  });
  // WCAG asks 3 of graphics that carry meaning; a stroke of one pixel, scaled by the panel, is blended with what lies behind it.
  for (const [state, picture] of shown)
    expect({ state, legible: strongestContrast(picture) >= LEAST_CONTRAST }).toEqual({ state, legible: true });
  const files = [...shown.keys()].map((state) => picturePath(`${nameOf(look)}-${state}`));
  execFileSync('convert', [...files, '+append', picturePath(nameOf(look))]);
});

it('a right click in a real panel opens the menu, a left click the dashboard', async () => {
  const look = { dark: false, scale: 1 } as const;
  const desktop = await startWithPanel(look);
  const stoker = await desktop.start();
  await expect.poll(() => stoker.tray.tooltip()).toContain('Asleep');
  await corner(desktop, look, 'asleep', []);
  const [x, y] = [WIDTH_PX - PANEL_POINTS / 2, PANEL_POINTS / 2];

  clickOnScreen(desktop.session, x, y, 3);
  const below = { x: WIDTH_PX - 320, y: 0, width: 320, height: 420 };
  const isOpen = (): boolean => {
    const { data, width } = PNG.sync.read(readFileSync(pictureOfScreen(desktop.session, 'tray-menu', below)));
    // The bare screen is black.
    return data.subarray(width * 100 * 4).some((value, at) => at % 4 !== 3 && value > 0);
  };
  await expect.poll(isOpen).toBe(true);
  execFileSync('xdotool', ['key', 'Escape'], { env: desktop.session.environment });

  clickOnScreen(desktop.session, x, y, 1);
  await stoker.window('/manager');
});
