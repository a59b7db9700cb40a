/** Starts of the real shell: by hand, by the login, a second time, by a link; and what it opens then. */
import { afterEach, expect, it } from 'vitest';
import type { DesktopBridge } from '../../../contract/desktop.ts';
import { pageProcesses } from '../../support/desktop-processes.ts';
import { hasTrayIcon } from '../../support/desktop-tray.ts';
import { DEMO, startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';

afterEach(stopDesktops);

it('the first start opens the welcome page', async () => {
  const desktop = await startDesktop();
  // Who asked for the demo has answered what the guide asks.
  const { window } = await desktop.start({ words: ['--port', '0'], preferences: { welcomeDone: false } });
  const page = await window('/manager');
  await expect.poll(() => page.url()).toContain('welcome');
});

it('a start by hand opens what the preferences say', async () => {
  const desktop = await startDesktop();
  const { window } = await desktop.start({ preferences: { openOnStart: 'comfyui' } });
  const page = await window('/');
  await page.locator('[data-testid=queue-button]').waitFor();
});

it('a start by the login opens nothing, and no page is kept alive', async () => {
  const desktop = await startDesktop();
  const { shell, tray } = await desktop.start({
    words: [...DEMO, '--at-login'],
    preferences: { openOnStart: 'dashboard' },
  });
  await expect.poll(() => tray.tooltip()).toContain('Asleep');
  expect(shell.electron.windows()).toEqual([]);
  expect(pageProcesses(shell.pid)).toEqual([]);
});

it('a second start shows the window of the first, and ends at once', async () => {
  const desktop = await startDesktop();
  const { shell, window } = await desktop.start();
  const second = shell.launchAgain(...DEMO);
  expect(second.status).toBe(0);
  await window('/manager');
});

it.each(['dashboard', 'settings', 'logs', 'doctor', 'welcome'])(
  'stoker://%s opens its page in the one window',
  async (target) => {
    const desktop = await startDesktop();
    const { shell, window } = await desktop.start();
    expect(shell.launchAgain(`stoker://${target}`).status).toBe(0);
    const page = await window('/manager');
    if (target !== 'dashboard') await expect.poll(() => page.url()).toContain(target);
    expect(shell.launchAgain('stoker://dashboard').status).toBe(0);
    await expect.poll(() => page.url()).not.toContain(target === 'dashboard' ? 'settings' : target);
    expect(shell.electron.windows()).toHaveLength(1);
  },
);

it('a link that is none of ours opens no page of it and does nothing', async () => {
  const desktop = await startDesktop();
  const { shell, window, status } = await desktop.start();
  expect(shell.launchAgain('stoker://dashboard/../../stop?force=1').status).toBe(0);
  const page = await window('/manager');
  expect(new URL(page.url()).pathname).toBe('/manager');
  expect((await status()).state).toBe('stopped');
});

it('the icon hides when told to, and comes back', async () => {
  const desktop = await startDesktop();
  const { shell, window } = await desktop.start({ preferences: { openOnStart: 'dashboard' } });
  const page = await window('/manager');
  const show = (showTrayIcon: boolean): Promise<unknown> =>
    page.evaluate((value) => {
      const { stokerDesktop } = window as unknown as { stokerDesktop: DesktopBridge };
      return stokerDesktop.request('changePreferences', { showTrayIcon: value });
    }, showTrayIcon);
  await show(false);
  await expect.poll(() => hasTrayIcon(desktop.session.sessionBus, shell.pid)).toBe(false);
  await show(true);
  await expect.poll(() => hasTrayIcon(desktop.session.sessionBus, shell.pid)).toBe(true);
});
