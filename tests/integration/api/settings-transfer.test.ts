/** Settings out of one built engine and into another. */
import { afterEach, describe, expect, it } from 'vitest';
import { MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { SettingsAnswerSchema } from '../../../contract/settings.ts';
import { SettingsImportAnswerSchema } from '../../../contract/settings-file.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';

afterEach(stopEngines);

const change = (engine: EngineProcess, patch: object): Promise<Response> =>
  fetch(`${engine.url}${MANAGER_ROUTES.settings}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(patch),
  });
const settingsOf = async (engine: EngineProcess) =>
  SettingsAnswerSchema.parse(await (await fetch(`${engine.url}${MANAGER_ROUTES.settings}`)).json()).settings;

describe('settings as a file', () => {
  it('leave one engine as a download and make another one the same', async () => {
    const [one, other] = await Promise.all([
      startEngine({ environment: { STOKER_GPU_SAMPLE_SECONDS: '9' } }),
      startEngine(),
    ]);
    await change(one, { idle: { stopAfterSeconds: 90 }, network: { maxSockets: 12 } });
    await change(other, { network: { maxSockets: 99, silenceTimeoutSeconds: 5 } });
    const download = await fetch(`${one.url}${MANAGER_ROUTES.settingsExport}`);
    expect(download.headers.get('content-disposition')).toBe('attachment; filename="stoker-settings.json"');
    const file = await download.json();
    expect(file).toEqual({ stoker: 1, settings: { idle: { stopAfterSeconds: 90 }, network: { maxSockets: 12 } } });

    const before = await settingsOf(other);
    const tried = await other.post(`${MANAGER_ROUTES.settingsImport}?dryRun=true`, file);
    const { changes } = SettingsImportAnswerSchema.parse(await tried.json());
    expect(changes.map(({ key }) => key).sort()).toEqual([
      'idle.stopAfterSeconds',
      'network.maxSockets',
      'network.silenceTimeoutSeconds',
    ]);
    expect(await settingsOf(other)).toEqual(before);

    const taken = await other.post(MANAGER_ROUTES.settingsImport, file);
    expect(SettingsImportAnswerSchema.parse(await taken.json())).toEqual({ changes, problems: [] });
    expect(await settingsOf(other)).toMatchObject({
      idle: { stopAfterSeconds: 90 },
      network: { maxSockets: 12, silenceTimeoutSeconds: 300 },
    });
  });

  it('with something wrong in them change nothing, and are told field by field', async () => {
    const engine = await startEngine();
    const file = { stoker: 1, settings: { idle: { stopAfterSeconds: 'soon' }, gpu: { sampleSeconds: 3 } } };
    const tried = await engine.post(`${MANAGER_ROUTES.settingsImport}?dryRun=true`, file);
    expect(tried.status).toBe(200);
    expect(SettingsImportAnswerSchema.parse(await tried.json()).problems).toMatchObject([
      { key: 'idle.stopAfterSeconds' },
    ]);
    const refused = await engine.post(MANAGER_ROUTES.settingsImport, file);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { code: 'invalid_settings', details: { fields: { 'idle.stopAfterSeconds': expect.any(String) } } },
    });
    expect((await settingsOf(engine)).gpu.sampleSeconds).toBe(2);
    expect((await engine.post(MANAGER_ROUTES.settingsImport, { settings: {} })).status).toBe(400);
  });
});

describe('pages without data at their address', () => {
  it.each(['welcome', 'queue', 'gallery', 'endpoints', 'jobs/3f2a'])('%s is there for a browser', async (name) => {
    const engine = await startEngine();
    const page = await fetch(`${engine.url}/manager/${name}`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect((await fetch(`${engine.url}/manager/${name}`)).status).toBe(404);
  });
});
