/** The settings page: checked as typed, saved together, locked where the environment decides, and the doctor's page beside it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DashboardBrowser, launchDashboardBrowser } from '../../support/dashboard-browser.ts';
import { ready } from '../../support/dashboard-fixtures.ts';
import { settingsAnswer } from '../../support/dashboard-records.ts';
import { sceneOf } from '../../support/dashboard-scenes.ts';

let browser: DashboardBrowser;
beforeAll(async () => {
  browser = await launchDashboardBrowser();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const now = Date.now();

async function openSettings(changes: Parameters<typeof settingsAnswer>[0] = {}) {
  const opened = await browser.open(
    sceneOf(now, ready(now), { settings: settingsAnswer(changes) }),
    '/manager/settings',
  );
  await opened.page.getByLabel('Sleep after', { exact: true }).waitFor();
  return opened;
}

describe('editing', () => {
  test('what is wrong is said beside the field, and cannot be saved', async () => {
    const { page, engine } = await openSettings();
    const field = page.getByLabel('Sleep after', { exact: true });
    await field.fill('soon');
    await page.getByText('A whole number.').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await field.fill('600');
    await page.getByText('= 10 min').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBeNull();
    expect(engine.requests()).toEqual([]);
  });

  test('several changes are saved as one patch of only what changed', async () => {
    const { page, engine } = await openSettings();
    const saved = settingsAnswer();
    engine.onChange(() => ({
      body: { ...saved, settings: { ...saved.settings, idle: { ...saved.settings.idle, stopAfterSeconds: 600 } } },
    }));
    await page.getByLabel('Sleep after', { exact: true }).fill('600');
    await page.getByRole('switch', { name: 'Start ComfyUI with Stoker' }).click();
    await page.getByLabel('Extra arguments', { exact: true }).fill('--lowvram\n');
    await page.getByText('3 changes').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => engine.requests())
      .toEqual([
        {
          method: 'PATCH',
          path: '/manager/settings',
          body: {
            installation: { arguments: ['--lowvram'] },
            idle: { stopAfterSeconds: 600 },
            supervision: { startWithEngine: true },
          },
        },
      ]);
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Sleep after', { exact: true }).inputValue()).toBe('600');
  });

  test('what the engine refuses stands beside its field', async () => {
    const { page, engine } = await openSettings();
    engine.refuseChanges({
      code: 'invalid_settings',
      message: 'These settings cannot be used: network.host must be an address of this computer.',
      details: { fields: { 'network.host': 'must be an address of this computer' } },
    });
    await page.getByLabel('Address', { exact: true }).fill('10.0.0.300');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Must be an address of this computer.', { exact: true }).waitFor();
    const field = page.getByLabel('Address', { exact: true });
    expect(await field.inputValue()).toBe('10.0.0.300');
    expect(await field.evaluate((it) => it === document.activeElement)).toBe(true);
  });

  test('a default is restored one by one', async () => {
    const { page, engine } = await openSettings();
    engine.onChange(() => ({ body: engine.scene().settings }));
    await page.getByRole('button', { name: 'Restore the default of Sleep after' }).click();
    expect(await page.getByLabel('Sleep after', { exact: true }).inputValue()).toBe('300');
    await page.getByText('1 change', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ idle: { stopAfterSeconds: 300 } });
  });

  test('a look at another page does not lose what was typed; discarding does', async () => {
    const { page } = await openSettings();
    await page.getByLabel('Sleep after', { exact: true }).fill('777');
    await page.getByRole('link', { name: 'Doctor' }).click();
    await page.getByRole('heading', { name: 'Doctor' }).waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    expect(await page.getByLabel('Sleep after', { exact: true }).inputValue()).toBe('777');
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await page.getByLabel('Sleep after', { exact: true }).inputValue()).toBe('5400');
  });

  test('a found installation fills in folder and Python', async () => {
    const { page } = await openSettings();
    await page.getByText('2 other installations found on this computer').click();
    await page.getByRole('button', { name: /Use this: .*StabilityMatrix/ }).click();
    expect(await page.getByLabel('ComfyUI folder', { exact: true }).inputValue()).toContain('StabilityMatrix');
    expect(await page.getByLabel('Python', { exact: true }).inputValue()).toContain('StabilityMatrix');
    await page.getByText('2 changes').waitFor();
  });
});

describe('what cannot be changed here', () => {
  test('a value of the environment is locked with the name of its variable', async () => {
    const { page } = await openSettings();
    expect(await page.getByLabel('Port', { exact: true }).isDisabled()).toBe(true);
    await page.getByText('Set by MANAGER_PORT; change it there.').waitFor();
  });
});

describe('the access token', () => {
  const SECRET = 'a-secret-of-enough-length';

  test('is never shown, is replaced at once into a file, and its place is told', async () => {
    const { page, engine } = await openSettings();
    await page.getByText('A token is set, kept in a file that only you can read.').waitFor();
    await page.getByRole('button', { name: 'Replace (Access token)' }).click();
    const field = page.locator('input[type="password"][aria-label="Access token"]');
    expect(await field.inputValue()).toBe('');
    await field.fill('short');
    await page.getByText('At least 16 characters.', { exact: true }).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Enter');
    expect(engine.requests()).toEqual([]);
    await field.fill(SECRET);
    await page.getByRole('button', { name: 'Save token' }).click();
    await field.waitFor({ state: 'detached' });
    expect(engine.requests()).toEqual([
      { method: 'PUT', path: '/manager/secrets/network.token', body: { value: SECRET, place: 'file' } },
    ]);
    expect(await page.content()).not.toContain(SECRET);
  });

  test('is removed only after a question, whose safe answer has the focus', async () => {
    const { page, engine } = await openSettings();
    await page.getByRole('button', { name: 'Remove (Access token)' }).click();
    await page.getByText('Remove it? It cannot be shown again.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Keep it');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect
      .poll(() => engine.requests().map(({ method, path }) => `${method} ${path}`))
      .toEqual(['DELETE /manager/secrets/network.token']);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Replace (Access token)');
  });

  test('what the engine refuses stands beside it, and nothing typed is lost', async () => {
    const { page, engine } = await openSettings();
    engine.refuseChanges({ code: 'data_folder_unusable', message: 'The secrets file cannot be written.' });
    await page.getByRole('button', { name: 'Replace (Access token)' }).click();
    await page.keyboard.type(SECRET);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The secrets file cannot be written.').waitFor();
    expect(await page.locator('input[type="password"]').inputValue()).toBe(SECRET);
  });
});

describe('settings as a file', () => {
  const FILE = { stoker: 1, settings: { idle: { stopAfterSeconds: 900 }, network: { whenAsleepShow: 'dashboard' } } };
  const asFile = (value: unknown) => ({
    name: 'stoker-settings.json',
    mimeType: 'application/json',
    buffer: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  });

  test('is downloaded', async () => {
    const { page } = await openSettings();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export settings' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('stoker-settings.json');
    const read = await file.createReadStream();
    const pieces: Buffer[] = [];
    for await (const piece of read) pieces.push(piece as Buffer);
    expect(JSON.parse(Buffer.concat(pieces).toString())).toEqual({
      stoker: 1,
      settings: { idle: { stopAfterSeconds: 5400 } },
    });
  });

  test('shows what would change before it does', async () => {
    const { page, engine } = await openSettings();
    const changes = [
      { key: 'idle.stopAfterSeconds', from: 5400, to: 900 },
      { key: 'network.whenAsleepShow', from: 'wake', to: 'dashboard' },
    ];
    engine.onChange(() => ({ body: { changes, problems: [] } }));
    await page.locator('input[type="file"]').setInputFiles(asFile(FILE));
    const dialog = page.getByRole('dialog', { name: 'Import these settings?' });
    await dialog.getByText('Show this dashboard').first().waitFor();
    expect(engine.requests()).toEqual([{ method: 'POST', path: '/manager/settings/import?dryRun=true', body: FILE }]);
    await dialog.getByRole('button', { name: 'Change 2 settings' }).click();
    await page.getByText('The settings are imported.').waitFor();
    expect(engine.requests().at(-1)).toEqual({ method: 'POST', path: '/manager/settings/import', body: FILE });
  });

  test('with a wrong value nothing can be applied', async () => {
    const { page, engine } = await openSettings();
    const problems = [{ key: 'network.port', message: 'must be at most 65535' }];
    engine.onChange(() => ({ body: { changes: [], problems } }));
    await page.locator('input[type="file"]').setInputFiles(asFile(FILE));
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Port: must be at most 65535').waitFor();
    expect(await dialog.getByRole('button').allTextContents()).toEqual(['Close']);
  });

  test.each([['no JSON'], [{ another: 'file' }]])('%j is refused without asking the engine', async (content) => {
    const { page, engine } = await openSettings();
    await page.locator('input[type="file"]').setInputFiles(asFile(content));
    await page.getByText('This file does not hold settings of Stoker.').waitFor();
    expect(engine.requests()).toEqual([]);
  });
});

describe('what needs a restart', () => {
  test('ComfyUI: with a button', async () => {
    const { page, engine } = await openSettings({ restartNeeded: 'comfyui' });
    await page.getByRole('button', { name: 'Restart ComfyUI' }).click();
    await expect.poll(() => engine.requests().at(-1)?.path).toBe('/manager/restart');
  });

  test('Stoker itself: in words, because a page cannot start what serves it', async () => {
    const { page } = await openSettings({ restartNeeded: 'engine' });
    await page.getByText(/Stoker itself must restart/).waitFor();
    expect(await page.getByRole('button', { name: /^Restart/ }).count()).toBe(0);
  });
});

describe('the doctor', () => {
  test('runs when the page opens and again when asked, and copies as text', async () => {
    const { page, engine } = await browser.open(sceneOf(now, ready(now)), '/manager/doctor');
    await page.getByText('1 problem, 1 warning, 5 fine').waitFor();
    await page.getByRole('button', { name: 'Copy as text' }).click();
    await page.getByText('Copied').waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toMatch(/^Stoker 0\.1\.0 doctor/);
    expect(text).toContain('[PROBLEM] Custom nodes:');

    const { doctor } = engine.scene();
    engine.setScene({ doctor: { ...doctor, checks: doctor.checks.filter(({ outcome }) => outcome === 'ok') } });
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByText('All 5 checks are fine').waitFor();
  });
});
