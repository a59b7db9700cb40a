/** The settings page inside the desktop application, with a shell that is the test's: what takes effect at once, and what only a shell can do. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DashboardBrowser, launchDashboardBrowser, WIDE } from '../../support/dashboard-browser.ts';
import type { Scene } from '../../support/dashboard-engine.ts';
import { ready } from '../../support/dashboard-fixtures.ts';
import { settingsAnswer } from '../../support/dashboard-records.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';
import { askedOf, type FakeShell, given, refused, setShellAnswer, tellPage } from '../../support/fake-shell.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();

async function openSettings(shell: FakeShell = {}, changes: Partial<Scene> = {}) {
  const opened = await browser.open(sceneOf(now, ready(now), changes), '/manager/settings', WIDE, { shell });
  await opened.page.getByLabel('Start at login', { exact: true }).waitFor();
  return opened;
}

describe('this computer', () => {
  test('a preference takes effect at once, without saving', async () => {
    const { page, engine } = await openSettings();
    await page.getByLabel('Start at login', { exact: true }).click();
    await expect.poll(() => askedOf(page)).toEqual([{ name: 'changePreferences', input: { startAtLogin: true } }]);
    expect(await page.getByLabel('Start at login', { exact: true }).getAttribute('aria-checked')).toBe('true');
    await page.getByLabel('Notifications', { exact: true }).selectOption('problems');
    await expect.poll(async () => (await askedOf(page)).at(-1)?.input).toEqual({ notifications: 'problems' });
    expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
    expect(engine.requests()).toEqual([]);
  });

  test('what the shell refuses stands beside its field, and the field shows what holds', async () => {
    const { page } = await openSettings({
      answers: { changePreferences: refused('not_possible', 'The autostart folder cannot be written.') },
    });
    const field = page.getByLabel('Start at login', { exact: true });
    await field.click();
    await page.getByText('This could not be changed. The autostart folder cannot be written.').waitFor();
    expect(await field.getAttribute('aria-checked')).toBe('false');
    expect(await field.getAttribute('aria-describedby')).toContain('preference-startAtLogin-problem');
  });

  test('a change made elsewhere (the tray) is seen', async () => {
    const { page } = await openSettings();
    const preferences = await page.evaluate(async () => {
      const answer = await window.stokerDesktop?.request('getPreferences', null);
      return answer?.ok === true ? (answer.value as object) : {};
    });
    await tellPage(page, 'preferences', { ...preferences, notifications: 'off' });
    await expect.poll(() => page.getByLabel('Notifications', { exact: true }).inputValue()).toBe('off');
  });

  test('drawing by the graphics card: the restart is offered', async () => {
    const { page } = await openSettings();
    await page.getByText('Costs about 100 MB of VRAM').waitFor();
    await page.getByLabel('Draw windows with the graphics card', { exact: true }).selectOption('off');
    await page.getByRole('button', { name: 'Restart Stoker now' }).click();
    await expect.poll(async () => (await askedOf(page)).at(-1)?.name).toBe('restartShell');
  });

  test('a copy that cannot start at login says so', async () => {
    const { page } = await openSettings({ info: { canStartAtLogin: false } });
    expect(await page.getByLabel('Start at login', { exact: true }).isDisabled()).toBe(true);
    await page.getByText('Not possible for this copy of Stoker.').waitFor();
  });

  test('another language loads the page anew, and what was typed is still there', async () => {
    const { page } = await openSettings();
    await page.getByLabel('Sleep after', { exact: true }).fill('777');
    const loaded = page.waitForEvent('load');
    await page.getByLabel('Language', { exact: true }).selectOption('de');
    await loaded;
    await expect.poll(() => page.getByLabel('Sleep after', { exact: true }).inputValue()).toBe('777');
  });

  test('in a plain browser none of it is there', async () => {
    const { page } = await browser.open(sceneOf(now, ready(now)), '/manager/settings');
    await page.getByLabel('Appearance', { exact: true }).waitFor();
    expect(await page.getByLabel('Start at login', { exact: true }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Check now' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Choose:/ }).count()).toBe(0);
  });

  test('a shell that does not answer as agreed leaves a page that works', async () => {
    const { page } = await browser.open(sceneOf(now, ready(now)), '/manager/settings', WIDE, {
      shell: { info: {} },
    });
    await page.addInitScript(() => Object.assign(window, { stokerDesktop: { request: async () => ({ ok: 'what' }) } }));
    await page.reload();
    await page.getByRole('heading', { name: 'This browser' }).waitFor();
  });
});

describe('updates', () => {
  const READY = {
    kind: 'ready',
    version: '0.2.0',
    notes: 'Wakes faster.\nTells of full disks.',
    waitsForWork: true,
  } as const;

  test('looked for on request; when ready, what is new is shown and installing waits for the work', async () => {
    const { page } = await openSettings({
      answers: {
        getUpdate: given({ kind: 'idle', checkedAt: null }),
        checkForUpdate: given({ kind: 'downloading', version: '0.2.0', percent: 40 }),
      },
    });
    await page.getByText('Not checked yet.').waitFor();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('Version 0.2.0 is being fetched: 40%').waitFor();
    await tellPage(page, 'update', READY);
    await page.getByText('Tells of full disks.').waitFor();
    await page.getByRole('button', { name: 'Install when the work is done' }).click();
    await expect.poll(async () => (await askedOf(page)).at(-1)?.name).toBe('installUpdate');
    await page.getByText('Stoker restarts by itself when the work is done.').waitFor();
  });
});

describe('what only a shell can do', () => {
  test('the system’s folder dialog fills in a folder, which is saved like a typed one', async () => {
    const { page } = await openSettings({ answers: { chooseFolder: given('/mnt/ssd/ComfyUI') } });
    await page.getByRole('button', { name: 'Choose: ComfyUI folder' }).click();
    await expect.poll(() => page.getByLabel('ComfyUI folder', { exact: true }).inputValue()).toBe('/mnt/ssd/ComfyUI');
    expect(await askedOf(page)).toEqual([
      { name: 'chooseFolder', input: { title: 'ComfyUI folder', at: '/home/mira/ai/ComfyUI' } },
    ]);
    await page.getByText('1 change', { exact: true }).waitFor();
  });

  test('the engine is restarted for settings that need it', async () => {
    const { page } = await openSettings({}, { settings: settingsAnswer({ restartNeeded: 'engine' }) });
    await page.getByRole('button', { name: 'Restart Stoker now' }).click();
    await expect.poll(async () => (await askedOf(page)).at(-1)?.name).toBe('restartEngine');
  });

  test('ComfyUI opens in its own window', async () => {
    const { page } = await browser.open(sceneOf(now, ready(now)), '/manager', WIDE, { shell: {} });
    await page.getByRole('button', { name: 'Open ComfyUI' }).click();
    await expect.poll(async () => (await askedOf(page)).at(-1)?.name).toBe('openComfyui');
  });
});

describe('the access token', () => {
  const SECRET = 'a-secret-of-enough-length';

  test('goes to the key store, says so, and is nowhere in the page afterwards', async () => {
    const { page, engine } = await openSettings(
      { answers: { saveSecret: given({ storage: 'keyStore' }) } },
      { settings: withoutToken(), secrets: [] },
    );
    await page.getByText('No token is set.').waitFor();
    await page.getByRole('button', { name: 'Set a token (Access token)' }).click();
    await page.keyboard.type(SECRET);
    engine.setScene({ settings: settingsAnswer(), secrets: [{ name: 'network.token', place: 'memory' }] });
    await page.keyboard.press('Enter');
    await page.getByText('A token is set, kept in GNOME Keyring.').waitFor();
    expect((await askedOf(page)).at(-1)).toEqual({
      name: 'saveSecret',
      input: { name: 'network.token', value: SECRET },
    });
    expect(engine.requests()).toEqual([]);
    const typed = await page.evaluate(() =>
      [...document.querySelectorAll('input')].map((input) => input.value).concat(document.body.innerHTML),
    );
    expect(typed.join()).not.toContain(SECRET);
  });

  test('without a key store the person is told and chooses, by keys alone', async () => {
    const { page } = await openSettings(
      {
        info: { keyStore: { available: false, name: null } },
        answers: { saveSecret: refused('no_key_store', 'There is no key store.') },
      },
      { settings: withoutToken(), secrets: [] },
    );
    await page.getByRole('button', { name: 'Set a token (Access token)' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type(SECRET);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'This computer has no key store' });
    await dialog.waitFor();
    await dialog.getByRole('radio', { name: /Only in memory/ }).focus();
    await page.keyboard.down('ArrowDown');
    await dialog.getByRole('radio', { name: /In a file/, checked: true }).waitFor();
    await page.keyboard.up('ArrowDown');
    await setShellAnswer(page, 'saveSecret', given({ storage: 'file' }));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect((await askedOf(page)).at(-1)?.input).toEqual({ name: 'network.token', value: SECRET, storage: 'file' });
  });

  test('not choosing keeps nothing', async () => {
    const { page } = await openSettings(
      { answers: { saveSecret: refused('no_key_store', 'There is no key store.') } },
      { settings: withoutToken(), secrets: [] },
    );
    await page.getByRole('button', { name: 'Set a token (Access token)' }).click();
    await page.keyboard.type(SECRET);
    await page.getByRole('button', { name: 'Save token' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await askedOf(page)).filter(({ name }) => name === 'saveSecret')).toHaveLength(1);
  });
});

function withoutToken(): Scene['settings'] {
  const answer = settingsAnswer();
  return { ...answer, settings: { ...answer.settings, network: { ...answer.settings.network, token: null } } };
}
