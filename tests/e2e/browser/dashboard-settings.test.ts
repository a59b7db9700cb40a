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
  test('is never shown, can be replaced, and an emptied field does not remove it', async () => {
    const { page, engine } = await openSettings();
    await page.getByText('A token is set.').waitFor();
    await page.getByRole('button', { name: 'Replace (Access token)' }).click();
    const field = page.locator('input[type="password"][aria-label="Access token"]');
    expect([await field.getAttribute('type'), await field.inputValue()]).toEqual(['password', '']);
    await field.fill('short');
    await page.getByText('At least 16 characters.', { exact: true }).waitFor();
    await field.fill('');
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    await field.fill('a-secret-of-enough-length');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => engine.requests().at(-1)?.body)
      .toEqual({ network: { token: 'a-secret-of-enough-length' } });
  });

  test('is removed only by the button that says so', async () => {
    const { page, engine } = await openSettings();
    await page.getByRole('button', { name: 'Remove (Access token)' }).click();
    await page.getByText('It will be removed.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => engine.requests().at(-1)?.body).toEqual({ network: { token: null } });
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
