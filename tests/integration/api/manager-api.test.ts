/** The manager API over a real socket of the built engine: shapes by the contract, errors in words, server-sent events. */
import { createParser } from 'eventsource-parser';
import { afterEach, describe, expect, it } from 'vitest';
import { DoctorReportSchema } from '../../../contract/doctor.ts';
import { EVENT_SCHEMAS, type EventName } from '../../../contract/events.ts';
import { GpuHistorySchema } from '../../../contract/gpu.ts';
import { LogsSchema, MANAGER_ROUTES } from '../../../contract/manager-api.ts';
import { SettingsAnswerSchema } from '../../../contract/settings.ts';
import { simulatorEntry } from '../../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';

const simulated = (): Record<string, string> => ({
  STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0.2`,
});

afterEach(stopEngines);

interface Received {
  readonly name: string;
  readonly data: unknown;
}

/** Reads events until `enough` says so, and lets go of the stream. */
async function readEvents(
  engine: EngineProcess,
  topics: string,
  enough: (events: Received[]) => boolean,
): Promise<Received[]> {
  const leaving = new AbortController();
  const answer = await fetch(`${engine.url}${MANAGER_ROUTES.events}?topics=${topics}`, { signal: leaving.signal });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const events: Received[] = [];
  const parser = createParser({
    onEvent: (event) => events.push({ name: event.event ?? '', data: JSON.parse(event.data) }),
  });
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (enough(events)) break;
  }
  leaving.abort();
  return events;
}

describe('events', () => {
  it('begin with the whole status and follow a start to its end', async () => {
    const engine = await startEngine({ environment: simulated() });
    const stateOf = (event: Received): unknown => (event.data as { state?: string }).state;
    const reading = readEvents(engine, 'status,happening', (events) =>
      events.some((event) => stateOf(event) === 'running'),
    );
    await engine.post(MANAGER_ROUTES.start);
    const events = await reading;
    expect(events[0]).toMatchObject({ name: 'status', data: { state: 'stopped' } });
    for (const { name, data } of events) EVENT_SCHEMAS[name as EventName].parse(data);
    expect(events.some(({ name }) => name === 'happening')).toBe(true);
  });

  it('tell the log to who asks for it', async () => {
    const engine = await startEngine({ environment: simulated() });
    await engine.post(MANAGER_ROUTES.start);
    const events = await readEvents(engine, 'log', (seen) => seen.length > 0);
    expect(JSON.stringify(events)).toContain('ComfyUI version');
  });

  it('refuse a topic that does not exist, by name', async () => {
    const engine = await startEngine();
    const answer = await fetch(`${engine.url}${MANAGER_ROUTES.events}?topics=vram`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: 'invalid_request', message: expect.stringContaining('vram') },
    });
  });
});

describe('answers', () => {
  it('keep to the contract, each of them', async () => {
    const engine = await startEngine({ environment: simulated() });
    await engine.post(MANAGER_ROUTES.start);
    const get = async (path: string): Promise<unknown> => (await fetch(`${engine.url}${path}`)).json();
    SettingsAnswerSchema.parse(await get(MANAGER_ROUTES.settings));
    GpuHistorySchema.parse(await get(`${MANAGER_ROUTES.gpuHistory}?range=day`));
    DoctorReportSchema.parse(await get(MANAGER_ROUTES.doctor));
    const found = LogsSchema.parse(await get(`${MANAGER_ROUTES.logs}?search=comfyui%20VERSION`));
    expect(found.lines.map((line) => line.text)).toEqual([expect.stringContaining('ComfyUI version')]);
  });

  it('the OpenAPI document names every route there is', async () => {
    const engine = await startEngine();
    const { paths } = (await (await fetch(`${engine.url}${MANAGER_ROUTES.openapi}`)).json()) as {
      paths: Record<string, unknown>;
    };
    const undocumented: string[] = [MANAGER_ROUTES.openapi, MANAGER_ROUTES.login];
    const routes: string[] = Object.values(MANAGER_ROUTES);
    const isBelow = (path: string, route: string): boolean => path === route || path.startsWith(`${route}/`);
    const documented = Object.keys(paths);
    const missing = routes.filter((route) => !documented.some((path) => isBelow(path, route)));
    expect(missing.sort()).toEqual(undocumented.sort());
    expect(documented.filter((path) => !routes.some((route) => isBelow(path, route)))).toEqual([]);
  });

  it('a browser gets the page where a program gets the data', async () => {
    const engine = await startEngine();
    const page = await fetch(`${engine.url}${MANAGER_ROUTES.logs}`, {
      headers: { accept: 'text/html,application/xhtml+xml' },
    });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const data = await fetch(`${engine.url}${MANAGER_ROUTES.logs}`);
    expect(data.headers.get('content-type')).toContain('application/json');
  });

  it.each([
    ['a body that is no JSON', '{not json'],
    ['a field of the wrong kind', '{"force":"yes"}'],
  ])('%s is a clear 400 in our shape', async (_what, body) => {
    const engine = await startEngine();
    const answer = await fetch(`${engine.url}${MANAGER_ROUTES.stop}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ source: 'stoker', error: { code: 'invalid_request' } });
  });

  it('what does not exist below /manager is ours to say', async () => {
    const engine = await startEngine();
    const answer = await fetch(`${engine.url}/manager/nope`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ source: 'stoker', error: { code: 'not_found' } });
  });
});

describe('keep awake', () => {
  it('holds over a restart of the engine, and is taken back', async () => {
    const first = await startEngine({ environment: simulated() });
    const kept = await first.post(MANAGER_ROUTES.keepAwake, { seconds: 3600 });
    expect(kept.status).toBe(200);
    const until = (await first.status()).idle.keepAwakeUntil;
    expect(until).not.toBeNull();
    await first.kill();

    const second = await startEngine({ environment: simulated(), dataFolder: first.dataFolder });
    expect((await second.status()).idle.keepAwakeUntil).toBe(until);
    await second.post(MANAGER_ROUTES.keepAwake, { off: true });
    expect((await second.status()).idle.keepAwakeUntil).toBeNull();
  });
});

describe('settings', () => {
  it('are changed, kept, and refused with the reason beside the field', async () => {
    const engine = await startEngine();
    const patch = (body: unknown): Promise<Response> =>
      fetch(`${engine.url}${MANAGER_ROUTES.settings}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await patch({ idle: { stopAfterSeconds: 60 } })).status).toBe(200);
    expect((await engine.status()).idle.timeoutSeconds).toBe(60);

    const refused = await patch({ idle: { stopAfterSeconds: 'soon' } });
    expect(refused.status).toBe(400);
    const body = (await refused.json()) as { error: { code: string; details: { fields: Record<string, string> } } };
    expect(body.error.code).toBe('invalid_settings');
    expect(Object.keys(body.error.details.fields)).toEqual(['idle.stopAfterSeconds']);
    expect((await engine.status()).idle.timeoutSeconds).toBe(60);
  });
});

describe('the access token', () => {
  const token = 'planted-secret-of-the-test-0123456789';

  it('is asked for, taken from a header or a cookie, and shown nowhere', async () => {
    const engine = await startEngine({ environment: { ...simulated(), STOKER_NETWORK_TOKEN: token } });
    const without = await fetch(`${engine.url}${MANAGER_ROUTES.status}`);
    expect(without.status).toBe(401);
    const bearer = { authorization: `Bearer ${token}` };
    expect((await fetch(`${engine.url}${MANAGER_ROUTES.status}`, { headers: bearer })).status).toBe(200);

    const login = await fetch(`${engine.url}${MANAGER_ROUTES.login}?token=${token}`, { redirect: 'manual' });
    const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect(cookie).not.toContain(token);
    const settings = await fetch(`${engine.url}${MANAGER_ROUTES.settings}`, { headers: { cookie } });
    expect(settings.status).toBe(200);
    expect(await settings.text()).not.toContain(token);
    expect(engine.stderr()).not.toContain(token);
  });
});
