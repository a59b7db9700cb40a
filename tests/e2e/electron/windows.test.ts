/** ComfyUI and the dashboard in windows of the real shell: what they show and remember, and what they survive. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { accessibilityViolations } from '../../support/dashboard-browser.ts';
import { builtProgram } from '../../support/desktop-application.ts';
import { type ShellWindows, watchWindows } from '../../support/desktop-windows.ts';
import { type Desktop, type Stoker, startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';
import { workflow } from '../../support/workflows.ts';

const PICTURES = resolve(import.meta.dirname, '../../output/desktop');
mkdirSync(PICTURES, { recursive: true });
const RUN = '[data-testid=queue-button]';
/** For what needs no more than a free processor; this machine's may be busy. */
const SOON = { timeout: 20_000 };

afterEach(stopDesktops);

interface Opened {
  readonly desktop: Desktop;
  readonly stoker: Stoker;
  readonly windows: ShellWindows;
  readonly dashboard: Page;
}

async function openStoker(
  options: Parameters<Desktop['start']>[0] = {},
  screen: Parameters<typeof startDesktop>[0] = {},
): Promise<Opened> {
  const desktop = await startDesktop(screen);
  const stoker = await desktop.start({ preferences: { openOnStart: 'dashboard' }, ...options });
  const windows = await watchWindows(stoker);
  return { desktop, stoker, windows, dashboard: await stoker.window('/manager') };
}

const titleOf = async (windows: ShellWindows, name: string): Promise<string> =>
  (await windows.titles()).find((title) => title.startsWith(name)) ?? '';

const renderers = ({ shell }: Stoker): Promise<number> =>
  shell.electron.evaluate(({ app }) => app.getAppMetrics().filter(({ type }) => type === 'Tab').length);

it('opens ComfyUI from the dashboard, its title follows what ComfyUI does, and closed windows leave no page process', async () => {
  const { stoker, windows, dashboard } = await openStoker();
  await expect.poll(() => titleOf(windows, 'Stoker')).toBe('Stoker – asleep');
  const comfyui = await windows.openComfyui();
  await expect.poll(() => titleOf(windows, 'ComfyUI'), { interval: 10 }).toContain('waking');
  await comfyui.locator(RUN).waitFor();
  await expect.poll(() => titleOf(windows, 'ComfyUI')).toBe('ComfyUI – ready');

  for (const seed of [1, 2, 3, 4]) {
    const prompt = workflow('slow_progress_10s', { '2.seconds': 3, '1.color': seed });
    await stoker.post('/prompt', { prompt });
  }
  await expect.poll(() => titleOf(windows, 'ComfyUI')).toBe('ComfyUI – busy, 3 waiting');
  expect(await comfyui.title()).toBe('ComfyUI (simulated)');

  await dashboard.evaluate(() => void open('/', '_blank'));
  expect(await windows.titles()).toHaveLength(2);
  expect(await renderers(stoker)).toBe(2);
  await windows.close('ComfyUI');
  await windows.close('Stoker');
  await expect.poll(() => renderers(stoker)).toBe(0);
  await expect.poll(() => stoker.tray.tooltip()).toContain('waiting');
});

it('place, size and zoom are as they were after a restart of the shell', async () => {
  const { desktop, stoker, windows } = await openStoker();
  await windows.openComfyui();
  const moved = { x: 60, y: 40, width: 900, height: 640 };
  await stoker.shell.electron.evaluate(({ BrowserWindow }, bounds) => {
    for (const each of BrowserWindow.getAllWindows()) if (each.getTitle().startsWith('ComfyUI')) each.setBounds(bounds);
  }, moved);
  for (let step = 0; step < 3; step += 1) await windows.menu('ComfyUI', 'Zoom In');
  await windows.menu('ComfyUI', 'Zoom Out');
  await windows.close('ComfyUI');
  await expect.poll(() => windows.titles()).toHaveLength(1);
  await stoker.shell.kill();

  const again = await desktop.start();
  const windowsAgain = await watchWindows(again);
  await windowsAgain.openComfyui();
  const facts = () =>
    again.shell.electron.evaluate(({ BrowserWindow }) => {
      const found = BrowserWindow.getAllWindows().find((each) => each.getTitle().startsWith('ComfyUI'));
      return { bounds: found?.getBounds(), zoom: found?.webContents.getZoomLevel() };
    });
  expect(await facts()).toEqual({ bounds: moved, zoom: 1 });
});

it('links to other sites open in the browser, a picture in a window of its own, the dashboard in its window', async () => {
  const { stoker, windows } = await openStoker();
  const comfyui = await windows.openComfyui();
  await comfyui.locator(RUN).waitFor();
  const home = comfyui.url();
  await comfyui.evaluate(() => {
    location.href = 'https://docs.comfy.org/a';
    open('https://example.com/b');
    open('mailto:someone@example.com');
  });
  await expect
    .poll(async () => (await windows.openedOutside()).toSorted())
    .toEqual(['https://docs.comfy.org/a', 'https://example.com/b', 'mailto:someone@example.com']);
  await comfyui.evaluate(() => void open('/manager/logs'));
  await stoker.window('/manager/logs');
  await windows.menu('ComfyUI', 'Open in Browser');
  await expect.poll(async () => (await windows.openedOutside()).at(-1)).toBe(home.replace(/\/$/, ''));
  expect(comfyui.url()).toBe(home);
  expect(await windows.titles()).toHaveLength(2);

  await comfyui.evaluate(() => void open('/user.css'));
  const addresses = () =>
    stoker.shell.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getURL()),
    );
  await expect.poll(addresses).toContain(`${home}user.css`);
});

/** ComfyUI's window, awake, and the empty folder that it saves into. */
async function openForDownloads(): Promise<Opened & { readonly comfyui: Page; readonly folder: string }> {
  const opened = await openStoker();
  const folder = join(opened.desktop.session.folder, 'downloads');
  mkdirSync(folder);
  await opened.stoker.shell.electron.evaluate(({ app }, path) => app.setPath('downloads', path), folder);
  const comfyui = await opened.windows.openComfyui();
  await comfyui.locator(RUN).waitFor();
  await expect.poll(() => titleOf(opened.windows, 'ComfyUI'), SOON).toBe('ComfyUI – ready');
  return { ...opened, comfyui, folder };
}

it('a download lands under a free name, and its notification leads to it', async () => {
  const { desktop, windows, comfyui, folder } = await openForDownloads();
  const save = () =>
    comfyui.evaluate(() => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(['{"nodes":[]}']));
      link.download = 'workflow.json';
      link.click();
    });
  await save();
  await expect.poll(() => readdirSync(folder), SOON).toEqual(['workflow.json']);
  const told = () => desktop.notifications.shown().map(({ summary }) => summary);
  await expect.poll(told, SOON).toEqual(['Download finished']);
  await save();
  await expect.poll(() => readdirSync(folder).toSorted(), SOON).toEqual(['workflow (1).json', 'workflow.json']);
  expect(readFileSync(join(folder, 'workflow (1).json'), 'utf8')).toBe('{"nodes":[]}');
  await expect.poll(told, SOON).toHaveLength(2);
  desktop.notifications.click(desktop.notifications.shown()[1]?.id ?? 0);
  await expect.poll(() => windows.shownInFolder(), SOON).toEqual([join(folder, 'workflow (1).json')]);
});

it('a download that breaks is begun again by itself; where that does not help it has failed, and says so', async () => {
  const { desktop, stoker, windows, folder } = await openForDownloads();
  const WHOLE = 1_000_000;
  let server: 'waits' | 'breaks' | 'works' = 'waits';
  const waiting: ServerResponse[] = [];
  const slow = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': WHOLE, 'content-disposition': 'attachment; filename="big.png"' });
    if (server === 'works') response.end(Buffer.alloc(WHOLE));
    else if (server === 'breaks') response.write(Buffer.alloc(WHOLE / 2), () => response.destroy());
    else response.write(Buffer.alloc(WHOLE / 2), () => waiting.push(response));
  });
  await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
  const { port } = slow.address() as AddressInfo;
  const beginHalf = async () => {
    server = 'waits';
    await stoker.shell.electron.evaluate(({ BrowserWindow }, url) => {
      const found = BrowserWindow.getAllWindows().find((each) => each.getTitle().startsWith('ComfyUI'));
      found?.webContents.downloadURL(url);
    }, `http://127.0.0.1:${port}/big.png`);
    await expect.poll(() => titleOf(windows, 'ComfyUI'), SOON).toBe('ComfyUI – ready · downloading 50 %');
    expect(await windows.progress()).toContain(0.5);
  };
  const ended = async (...summaries: string[]) => {
    const told = () => desktop.notifications.shown().map(({ summary }) => summary);
    await expect.poll(told, SOON).toEqual(summaries);
    await expect.poll(() => titleOf(windows, 'ComfyUI'), SOON).toBe('ComfyUI – ready');
    expect((await windows.progress()).at(-1)).toBe(-1);
    expect(readdirSync(folder)).toEqual(['big.png']);
  };
  try {
    await beginHalf();
    server = 'works';
    waiting.pop()?.destroy();
    await ended('Download finished');
    expect(statSync(join(folder, 'big.png')).size).toBe(WHOLE);

    await beginHalf();
    server = 'breaks';
    waiting.pop()?.destroy();
    await ended('Download finished', 'Download failed');
    expect(desktop.notifications.shown().at(-1)?.body).toMatch(/^big \(1\)\.png: .+ try again/);

    await beginHalf();
    slow.close();
    waiting.pop()?.destroy();
    await ended('Download finished', 'Download failed', 'Download failed');
  } finally {
    slow.closeAllConnections();
    slow.close();
  }
});

it('a page with unsaved changes is closed, left or loaded again only after a question', async () => {
  const { windows } = await openStoker();
  const comfyui = await windows.openComfyui();
  await comfyui.locator(RUN).waitFor();
  await comfyui.evaluate(() => {
    document.body.dataset.mark = 'unsaved';
    addEventListener('beforeunload', (event) => {
      event.preventDefault();
      event.returnValue = '';
    });
  });
  // A page that nobody has touched may not object.
  await comfyui.locator('h1').click();
  const mark = () => comfyui.evaluate(() => document.body.dataset.mark ?? 'gone');

  await windows.close('ComfyUI');
  expect(await windows.question()).toBe('Leave this page with unsaved changes?');
  await windows.answer('Stay');
  expect(await mark()).toBe('unsaved');

  await windows.menu('ComfyUI', 'Reload');
  await windows.question();
  await windows.answer('Stay');
  expect(await mark()).toBe('unsaved');

  await windows.menu('ComfyUI', 'Reload');
  await windows.question();
  await windows.answer('Leave');
  await expect.poll(mark).toBe('gone');

  await comfyui.evaluate(() => {
    addEventListener('beforeunload', (event) => {
      event.preventDefault();
      event.returnValue = '';
    });
  });
  await comfyui.locator('h1').click();
  await windows.close('ComfyUI');
  await windows.question();
  await windows.answer('Leave');
  await expect.poll(() => windows.titles()).toHaveLength(1);
});

it('when the engine dies the loaded page stays with all that is on it; one that is loaded meanwhile waits, and opens by itself', async () => {
  const desktop = await startDesktop();
  // So that the engine can be kept from coming back.
  const program = join(desktop.session.folder, 'program');
  symlinkSync(builtProgram(), program);
  const stoker = await desktop.start({
    preferences: { openOnStart: 'dashboard' },
    environment: { STOKER_ENGINE_PROGRAM: program },
  });
  const windows = await watchWindows(stoker);
  const comfyui = await windows.openComfyui();
  await comfyui.locator(RUN).waitFor();
  await comfyui.evaluate(() => {
    document.body.dataset.mark = 'unsaved';
  });

  const first = await stoker.engine();
  process.kill(first.pid, 'SIGKILL');
  await expect.poll(() => titleOf(windows, 'ComfyUI'), { interval: 10 }).toContain('starting again');
  expect(new URL(comfyui.url()).protocol).toBe('http:');
  await expect.poll(() => titleOf(windows, 'ComfyUI')).toMatch(/ready|asleep/);
  expect(await comfyui.evaluate(() => document.body.dataset.mark)).toBe('unsaved');
  await comfyui.locator('#reconnecting').waitFor({ state: 'hidden' });

  const second = await stoker.engine();
  unlinkSync(program);
  process.kill(second.pid, 'SIGKILL');
  await expect.poll(() => titleOf(windows, 'ComfyUI'), { interval: 10 }).toContain('starting again');
  await windows.menu('ComfyUI', 'Reload');
  await expect.poll(() => comfyui.url()).toMatch(/^data:/);
  await comfyui.getByRole('heading', { name: 'Stoker does not answer' }).waitFor();
  expect(await accessibilityViolations(comfyui)).toEqual([]);
  await picture(stoker, comfyui, 'notice-restarting');

  // Five restarts that fail, then a person presses the button.
  await comfyui.getByRole('heading', { name: 'Stoker is not running' }).waitFor({ timeout: 120_000 });
  expect(await accessibilityViolations(comfyui)).toEqual([]);
  await picture(stoker, comfyui, 'notice-gave-up');
  symlinkSync(builtProgram(), program);
  await comfyui.getByRole('link', { name: 'Try again' }).click({ noWaitAfter: true });
  await comfyui.locator(RUN).waitFor({ timeout: 60_000 });
  expect(new URL(comfyui.url()).protocol).toBe('http:');
});

it('a page whose process dies says so and comes back with one click', async () => {
  const { stoker, windows } = await openStoker();
  await windows.openComfyui();
  await stoker.shell.electron.evaluate(({ BrowserWindow }) => {
    for (const each of BrowserWindow.getAllWindows())
      if (each.getTitle().startsWith('ComfyUI')) each.webContents.forcefullyCrashRenderer();
  });
  // Playwright counts a crashed page as lost: from here on the shell is asked.
  const inPage = (script: string): Promise<unknown> =>
    stoker.shell.electron.evaluate(({ BrowserWindow }, wanted) => {
      const found = BrowserWindow.getAllWindows().find((each) => each.getTitle().startsWith('ComfyUI'));
      return found?.webContents.executeJavaScript(wanted).catch(String);
    }, script);
  const address = () =>
    stoker.shell.electron.evaluate(({ BrowserWindow }) => {
      const found = BrowserWindow.getAllWindows().find((each) => each.getTitle().startsWith('ComfyUI'))?.webContents;
      return found === undefined || found.isLoading() ? 'loading' : found.getURL();
    });
  await expect.poll(address).toMatch(/^data:/);
  await expect.poll(() => inPage('document.querySelector("h1")?.textContent')).toBe('This page has crashed');
  await inPage('document.querySelector("a").click()');
  await expect.poll(address).toMatch(/^http:/);
});

it('looks right in light and dark, narrow and wide, with its menu', async () => {
  const { desktop, stoker, windows, dashboard } = await openStoker();
  await picture(stoker, dashboard, 'window-dashboard');
  const comfyui = await windows.openComfyui();
  await comfyui.locator(RUN).waitFor();
  await picture(stoker, comfyui, 'window-comfyui');
  execFileSync('import', ['-window', 'root', join(PICTURES, 'screen-comfyui.png')], {
    env: desktop.session.environment,
  });
  expect(existsSync(join(PICTURES, 'screen-comfyui.png'))).toBe(true);
});

it('is sharp on a screen of twice the density', async () => {
  const { stoker, windows, dashboard } = await openStoker(
    { switches: ['--force-device-scale-factor=2'] },
    { width: 2560, height: 1800 },
  );
  expect(await dashboard.evaluate(() => devicePixelRatio)).toBe(2);
  await picture(stoker, dashboard, 'window-dashboard-2x');
  const comfyui = await windows.openComfyui();
  await comfyui.locator(RUN).waitFor();
  await picture(stoker, comfyui, 'window-comfyui-2x');
});

/** In both themes, as wide as the window is and as narrow as it goes. */
async function picture({ shell }: Stoker, page: Page, name: string): Promise<void> {
  const handle = await shell.electron.browserWindow(page);
  const [width = 0, height = 0] = await handle.evaluate((each) => each.getSize());
  for (const scheme of ['light', 'dark'] as const) {
    await shell.electron.evaluate(({ nativeTheme }, wanted) => {
      nativeTheme.themeSource = wanted;
    }, scheme);
    await page.waitForFunction(
      (dark) => matchMedia('(prefers-color-scheme: dark)').matches === dark,
      scheme === 'dark',
    );
    for (const [wide, size] of [
      ['wide', width],
      ['narrow', 0],
    ] as const) {
      await handle.evaluate((each, next) => each.setSize(next.size, next.height), { size, height });
      const inner = await handle.evaluate((each) => each.getContentSize()[0]);
      await page.waitForFunction((wanted) => innerWidth === wanted, inner);
      await page.screenshot({ path: join(PICTURES, `${name}-${scheme}-${wide}.png`) });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
    await handle.evaluate((each, next) => each.setSize(next.width, next.height), { width, height });
  }
}
