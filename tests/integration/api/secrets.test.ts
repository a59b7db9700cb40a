/** Secrets through the built engine: they take effect, lie where they should, and are planted here to be looked for everywhere else. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { EVENT_NAMES } from '../../../contract/events.ts';
import { MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { runCli } from '../../support/cli-process.ts';
import { closeEventStreams, listen } from '../../support/engine-events.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';

const TOKEN = 'planted-secret-0123456789';
const KEY = 'planted-key-of-an-endpoint';
const withToken = { authorization: `Bearer ${TOKEN}` };

afterEach(async () => {
  closeEventStreams();
  await stopEngines();
});

const ask = (engine: EngineProcess, method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${engine.url}${path}`, {
    method,
    headers: { ...withToken, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const oneSecret = (name: string): string => `${MANAGER_ROUTES.secrets}/${name}`;
const fileOf = (engine: EngineProcess, name: string): string => readFileSync(join(engine.dataFolder, name), 'utf8');

/** Every file of the data folder but the one that is to hold secrets. */
function otherFiles(engine: EngineProcess): string[] {
  return readdirSync(engine.dataFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'secrets.json')
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('a saved token', () => {
  it('is asked for at once, and told to nobody: no answer, event, error, log or other file has it', async () => {
    const engine = await startEngine({ environment: { STOKER_INSTALLATION_COMMAND_LINE: '/bin/false' } });
    const events = await listen(engine.url, EVENT_NAMES);
    const saved = await ask(engine, 'PATCH', MANAGER_ROUTES.settings, { network: { token: TOKEN } });
    const said = [await saved.text()];
    expect((await fetch(`${engine.url}${MANAGER_ROUTES.status}`)).status).toBe(401);
    expect(statSync(join(engine.dataFolder, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(fileOf(engine, 'secrets.json')).toContain(TOKEN);

    const requests: [string, string, unknown?][] = [
      ['PUT', oneSecret('endpoint.pod.key'), { value: KEY }],
      ['PUT', oneSecret('endpoint.pod.key'), { value: KEY, place: KEY }],
      ['PUT', oneSecret('endpoint.pod.key'), { value: KEY.repeat(1000) }],
      ['PUT', oneSecret('endpoint.pod.key'), { value: KEY, also: KEY }],
      ['PUT', oneSecret('network.token'), { value: 'planted-short' }],
      ['PATCH', MANAGER_ROUTES.settings, { network: { token: `${TOKEN}`.repeat(1000) } }],
      ['POST', `${MANAGER_ROUTES.settingsImport}?dryRun=true`, { stoker: 1, settings: { network: { token: TOKEN } } }],
      ['POST', MANAGER_ROUTES.settingsImport, { stoker: 1, settings: { network: { token: TOKEN } } }],
      ['POST', MANAGER_ROUTES.start, {}],
      ...(
        [
          'status',
          'logs',
          'happenings',
          'settings',
          'settingsExport',
          'secrets',
          'doctor',
          'installations',
          'gpuHistory',
          'openapi',
        ] as const
      ).map((name): [string, string] => ['GET', MANAGER_ROUTES[name]]),
    ];
    for (const [method, path, body] of requests) {
      const answer = await ask(engine, method, path, body);
      said.push(`${method} ${path} ${answer.status}: ${await answer.text()} ${JSON.stringify([...answer.headers])}`);
    }
    await events.heard('happening', ({ message }) => message.includes('network.token'));
    await ask(engine, 'POST', MANAGER_ROUTES.quit);
    expect(await engine.exited).toBe(0);

    // The names of what is kept are told; what begins like a value is not.
    const planted = /planted-(secret|key|short)/;
    for (const answer of said) expect(answer).not.toMatch(planted);
    expect(events.text()).not.toMatch(planted);
    expect(engine.stderr()).not.toMatch(planted);
    const files = otherFiles(engine);
    expect(files.some((file) => file.includes('logs'))).toBe(true);
    for (const file of files) expect(readFileSync(file, 'latin1'), file).not.toMatch(planted);
  });

  it('is forgotten on request, and not while the address needs it', async () => {
    const engine = await startEngine();
    await ask(engine, 'PUT', oneSecret('network.token'), { value: TOKEN, place: 'memory' });
    await ask(engine, 'PATCH', MANAGER_ROUTES.settings, { network: { host: '0.0.0.0' } });
    const needed = await ask(engine, 'DELETE', oneSecret('network.token'));
    expect(await needed.json()).toMatchObject({
      error: { code: 'invalid_settings', details: { fields: { 'network.token': expect.stringContaining('0.0.0.0') } } },
    });
    await ask(engine, 'PATCH', MANAGER_ROUTES.settings, { network: { host: '127.0.0.1' } });
    expect(await (await ask(engine, 'DELETE', oneSecret('network.token'))).json()).toEqual({ secrets: [] });
    expect((await fetch(`${engine.url}${MANAGER_ROUTES.status}`)).status).toBe(200);
    const again = await ask(engine, 'DELETE', oneSecret('network.token'));
    expect([again.status, await again.json()]).toMatchObject([404, { error: { code: 'secret_not_found' } }]);
  });

  it('of an earlier version is moved out of settings.json, told once, and still found by the command line', async () => {
    const first = await startEngine();
    const { dataFolder } = first;
    await first.kill();
    writeFileSync(join(dataFolder, 'settings.json'), JSON.stringify({ network: { token: TOKEN } }));
    const engine = await startEngine({ dataFolder });
    expect(fileOf(engine, 'settings.json')).not.toContain(TOKEN);
    const happenings = await (await ask(engine, 'GET', MANAGER_ROUTES.happenings)).text();
    expect(happenings).toContain('network.token was moved');
    expect(happenings).not.toContain(TOKEN);
    const answer = await (await ask(engine, 'GET', MANAGER_ROUTES.settings)).json();
    expect(answer).toMatchObject({ origins: { 'network.token': 'secret' }, problems: [], restartNeeded: 'none' });
    const { code, stdout } = await runCli(['status', '--data-dir', dataFolder, '--json']);
    expect([code, JSON.parse(stdout).state]).toEqual([0, 'stopped']);
  });
});
