/** The settings page in the shell's own window: what is changed there reaches engine, shell and key store, and is still so after a restart. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { startKeyring } from '../../support/desktop-services.ts';
import { type Stoker, startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';

afterEach(stopDesktops);

const SECRET = 'planted-secret-0123456789';

async function openSettings({ shell, window }: Stoker): Promise<Page> {
  expect(shell.launchAgain('stoker://settings').status).toBe(0);
  const page = await window('/manager');
  await page.getByLabel('Sleep after', { exact: true }).waitFor();
  return page;
}

async function saveToken(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Set.*\(Access token\)/ }).click();
  await page.getByLabel('Access token', { exact: true }).fill(SECRET);
  await page.keyboard.press('Enter');
}

async function quit({ shell, tray }: Stoker): Promise<void> {
  await tray.click('Quit Stoker');
  await shell.ended();
}

/** Files of the folder that hold the text, relative. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = join(folder, name);
    return existsSync(file) && statSync(file).isFile() && readFileSync(file, 'latin1').includes(text);
  });
}

it('a setting of the engine is saved, applied, and kept', async () => {
  const desktop = await startDesktop();
  const first = await desktop.start();
  const page = await openSettings(first);
  await page.getByLabel('Sleep after', { exact: true }).fill('600');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await first.status()).idle.timeoutSeconds).toBe(600);
  await quit(first);
  const second = await desktop.start();
  expect((await second.status()).idle.timeoutSeconds).toBe(600);
});

it('the language changes page, tray and titles at once', async () => {
  const desktop = await startDesktop();
  const stoker = await desktop.start();
  const page = await openSettings(stoker);
  await page.getByLabel('Language').selectOption('de');
  await expect.poll(() => stoker.tray.menuText()).toContain('Stoker beenden');
  await page.getByRole('heading', { name: 'Dieser Computer' }).waitFor();
});

it('start at login leaves an entry that starts this copy without a window, and takes it away again', async () => {
  const desktop = await startDesktop();
  const page = await openSettings(await desktop.start());
  const folder = join(desktop.session.folder, 'config/autostart');
  const entries = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);
  const toggle = page.getByRole('switch', { name: 'Start at login' });
  await toggle.click();
  await expect.poll(entries).toHaveLength(1);
  const entry = join(folder, entries()[0] ?? '');
  execFileSync('desktop-file-validate', [entry]);
  expect(readFileSync(entry, 'utf8')).toContain('--at-login');
  await toggle.click();
  await expect.poll(entries).toEqual([]);
});

it('with a key store a secret lies encrypted in it alone, and the next engine has it', async () => {
  const desktop = await startDesktop({ desktop: 'GNOME' });
  await startKeyring(desktop.session);
  const first = await desktop.start();
  const page = await openSettings(first);
  await saveToken(page);
  await page.getByText(/GNOME Keyring/).waitFor();
  expect(await page.content()).not.toContain(SECRET);
  await quit(first);
  expect(filesWith(desktop.session.folder, SECRET)).toEqual([]);
  expect(existsSync(join(first.shell.dataFolder, 'shell/secrets.json'))).toBe(true);

  const second = await desktop.start();
  const { url } = await second.engine();
  const ask = async (): Promise<unknown> =>
    (await fetch(`${url}/manager/secrets`, { headers: { authorization: `Bearer ${SECRET}` } })).json();
  await expect.poll(ask).toEqual({ secrets: [{ name: 'network.token', place: 'memory' }] });
});

it.each([
  { choice: /Only in memory/, files: 0 },
  { choice: /In a file/, files: 1 },
])('without a key store the user is told, and chooses ($choice)', async ({ choice, files }) => {
  const desktop = await startDesktop();
  const stoker = await desktop.start();
  const page = await openSettings(stoker);
  await saveToken(page);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: choice }).click();
  await dialog.getByRole('button', { name: /^Save/ }).click();
  await dialog.waitFor({ state: 'detached' });
  const found = filesWith(stoker.shell.dataFolder, SECRET);
  expect(found).toHaveLength(files);
  for (const name of found) expect(statSync(join(stoker.shell.dataFolder, name)).mode & 0o777).toBe(0o600);
});
