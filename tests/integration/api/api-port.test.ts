/** The API port as a real port of a real engine: closed without a token, open with the first, closed again without the last. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobListSchema, JobSchema } from '../../../contract/jobs.ts';
import { ApiHealthSchema, CreatedTokenSchema, TokensSchema } from '../../../contract/tokens.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { ask } from '../../support/http-ask.ts';
import { untilFound } from '../../support/until.ts';
import { workflow } from '../../support/workflows.ts';

let engine: EngineProcess;
let port: number;

beforeEach(async () => {
  port = await getPort();
  engine = await startEngine({ demo: true, environment: { STOKER_API_PORT: String(port) } });
});
afterEach(stopEngines);

async function create(name: string): Promise<string> {
  const response = await engine.post('/manager/v1/tokens', { name });
  expect(response.status).toBe(201);
  return CreatedTokenSchema.parse(await response.json()).token;
}
const revoke = async (name: string): Promise<number> =>
  (await fetch(`${engine.url}/manager/v1/tokens/${name}`, { method: 'DELETE' })).status;
const tokens = async () => TokensSchema.parse(await (await fetch(`${engine.url}/manager/v1/tokens`)).json());
const call = (path: string, token: string | null, options: Parameters<typeof ask>[1] = {}) =>
  ask(`http://127.0.0.1:${port}${path}`, {
    ...options,
    headers: { ...options.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
  });
const listens = (): Promise<boolean> =>
  call('/v1/health', null).then(
    () => true,
    () => false,
  );
const code = (text: string): unknown => JSON.parse(text).error.code;

describe('the API port', () => {
  it('is closed until there is a token, opens with the first, and closes with the last, without a restart', async () => {
    expect(await listens()).toBe(false);
    const one = await create('ci');
    expect(await tokens()).toMatchObject({ url: `http://127.0.0.1:${port}`, problem: null });
    const two = await create('laptop');
    expect(ApiHealthSchema.parse(JSON.parse((await call('/v1/health', one)).text)).comfyui).toBe('stopped');

    expect(await revoke('ci')).toBe(204);
    expect((await call('/v1/health', one)).status).toBe(401);
    expect((await call('/v1/health', two)).status).toBe(200);
    expect(await revoke('laptop')).toBe(204);
    expect([await listens(), (await tokens()).url]).toEqual([false, null]);
    expect(await revoke('laptop')).toBe(404);
  });

  it('tells when each token came last, over a restart too, and asking with another does not change it', async () => {
    const token = await create('ci');
    await create('laptop');
    const lastUses = async () => (await tokens()).tokens.map(({ lastUsedAt }) => lastUsedAt);
    expect(await lastUses()).toEqual([null, null]);
    const before = Date.now();
    await call('/v1/health', token);
    await call('/v1/health', 'stoker_guess');
    const [ci, laptop] = await lastUses();
    expect(ci).toBeGreaterThanOrEqual(before);
    expect(laptop).toBeNull();
    const { dataFolder } = engine;
    await engine.kill();
    engine = await startEngine({ dataFolder, demo: true, environment: { STOKER_API_PORT: String(port) } });
    expect(await lastUses()).toEqual([ci, null]);
  });

  it('keeps its tokens over a kill of the engine, and no file holds one', async () => {
    const token = await create('ci');
    expect((await engine.post('/manager/v1/tokens', { name: 'ci' })).status).toBe(409);
    const { dataFolder } = engine;
    expect(readFileSync(join(dataFolder, 'api-tokens.json'), 'utf8')).not.toContain(token);
    expect(JSON.stringify(await tokens())).not.toContain(token);
    await engine.kill();
    engine = await startEngine({ dataFolder, demo: true, environment: { STOKER_API_PORT: String(port) } });
    expect((await call('/v1/health', token)).status).toBe(200);
    await engine.post('/manager/stop');
  });

  it('lets nobody in without one: not from this computer, not with a cookie, and answers guesses slower and slower', async () => {
    const token = await create('ci');
    expect(code((await call('/v1/jobs', null)).text)).toBe('token_required');
    expect((await call('/v1/jobs', null, { headers: { cookie: `stoker_token=${token}` } })).status).toBe(401);
    const statuses: number[] = [];
    for (let guess = 0; guess < 15; guess += 1) statuses.push((await call('/v1/jobs', `stoker_${guess}`)).status);
    expect([statuses.slice(0, 5).every((status) => status === 401), statuses.includes(429)]).toEqual([true, true]);
    expect((await call('/v1/jobs', token)).status).toBe(200);
    const foreign = { host: `evil.example:${port}` };
    expect(code((await call('/v1/jobs', token, { headers: foreign })).text)).toBe('host_not_allowed');
    const page = { origin: 'http://evil.example' };
    expect(code((await call('/v1/jobs', token, { headers: page })).text)).toBe('origin_not_allowed');
  });

  it('has the routes about work and no other: the manager is not there', async () => {
    const token = await create('ci');
    for (const path of [
      '/manager/status',
      '/manager/login?token=x',
      '/manager/v1/jobs',
      '/v1/tokens',
      '/v1/secrets',
      '/',
      '/v1',
    ])
      expect([(await call(path, token)).status, path]).toEqual([404, path]);
    const paths = Object.keys(JSON.parse((await call('/v1/openapi.json', token)).text).paths);
    expect(paths).toEqual(expect.arrayContaining(['/v1/jobs', '/v1/jobs/{id}/events', '/v1/targets', '/v1/health']));
    expect(paths.every((path) => path.startsWith('/v1/'))).toBe(true);
  });

  it('takes a job and follows it to its end; a stream ends when its token is revoked', async () => {
    const token = await create('ci');
    await create('other');
    const submitted = await call('/v1/jobs', token, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workflow: workflow('simple') }),
    });
    expect(submitted.status).toBe(201);
    const { id } = JobSchema.parse(JSON.parse(submitted.text));
    const events = (await call(`/v1/jobs/${id}/events`, token)).text;
    expect(events).toContain('"kind":"completed"');
    expect((await call(`/v1/jobs/${id}/outputs/0`, token)).headers['content-type']).toBe('image/png');
    expect(JobListSchema.parse(JSON.parse((await call('/v1/jobs', token)).text)).jobs).toHaveLength(1);

    const long = await call('/v1/jobs', token, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workflow: workflow('slow_progress_10s', { '2.seconds': 60 }) }),
    });
    const job = JobSchema.parse(JSON.parse(long.text));
    await untilFound(async () => {
      const { state } = JobSchema.parse(JSON.parse((await call(`/v1/jobs/${job.id}`, token)).text));
      return state.kind === 'running' ? state : null;
    }, 'the running job');
    const stream = await fetch(`http://127.0.0.1:${port}/v1/jobs/${job.id}/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const rest = stream.text();
    rest.catch(() => undefined);
    await revoke('ci');
    await expect(rest).rejects.toThrow();
  });

  it('says why it does not listen, and moves when its setting does', async () => {
    engine = await startEngine({ demo: true });
    const patch = (value: number) =>
      fetch(`${engine.url}/manager/settings`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ api: { port: value } }),
      });
    await patch(Number(new URL(engine.url).port));
    const answer = await engine.post('/manager/v1/tokens', { name: 'ci' });
    const { token, url, problem } = CreatedTokenSchema.parse(await answer.json());
    expect([url, problem]).toEqual([null, expect.stringContaining('listens on')]);
    await patch(port);
    await untilFound(async () => (await tokens()).url, 'the address');
    expect((await call('/v1/health', token)).status).toBe(200);
  });
});
