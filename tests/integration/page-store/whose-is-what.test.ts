/**
 * What is kept of one person's page is given to nobody else: each answer of the server says for whom it was made, and what is given out while
 * it sleeps must have been made for the one who asks, without anybody's cookie or key.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keptName } from '../../../engine/page-store/kept-routes.ts';
import { type EngineProcess, startEngine, stopEngines } from '../../support/engine-process.ts';
import { type Asked, ask } from '../../support/http-ask.ts';
import { putToSleep, wake } from '../../support/sleeping-comfyui.ts';
import { until } from '../../support/until.ts';

const SERVER = resolve(import.meta.dirname, '../../support/personal-server.mjs');
const PERSONAL = [
  '/api/settings',
  '/api/settings/Comfy.Theme',
  '/api/userdata?dir=workflows&recurse=true&split=false&full_info=true',
  '/api/userdata/workflows%2Fmine.json',
  '/api/v2/userdata?path=workflows',
  '/user.css',
];
const SHARED = ['/', '/api/object_info', '/api/models/checkpoints', '/api/system_stats', '/assets/page.js'];

interface MadeFor {
  readonly user: string | null;
  readonly cookie: string | null;
  readonly key: string | null;
}

let engine: EngineProcess;

beforeEach(async () => {
  engine = await startEngine({
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${SERVER}" {host} {port}`,
      STOKER_PAGE_OPENING_WAKES: 'false',
    },
  });
  await wake(engine);
});
afterEach(stopEngines);

const as = (path: string, headers: Record<string, string>): Promise<Asked> =>
  ask(`${engine.url}${path}`, { headers, patienceMs: 10_000 });
const madeFor = ({ text }: Asked): MadeFor => JSON.parse(text) as MadeFor;
const everywhere = [...PERSONAL, ...SHARED];

it('gives each person what was made for that person, and nobody what was made for a cookie or key', async () => {
  const people = [
    { 'comfy-user': 'alice', cookie: 'login=alice' },
    { 'comfy-user': 'alice', authorization: 'Bearer alice' },
    { 'comfy-user': 'bob' },
    {},
  ];
  for (const person of people) for (const path of everywhere) await as(path, person);
  const { since } = await sleepWhenAllIsKept(['alice', 'bob', '']);
  for (const person of people) {
    const user = person['comfy-user'] ?? null;
    for (const path of everywhere) {
      const made = madeFor(await as(path, person as Record<string, string>));
      const expected = { user: PERSONAL.includes(path) ? user : null, cookie: null, key: null };
      expect({ path, ...made }).toMatchObject(expected);
    }
  }
  const after = await engine.status();
  expect([after.state, after.since]).toEqual(['stopped', since]);
});

it('has nothing for somebody who was never there, and wakes for that', async () => {
  for (const path of PERSONAL) await as(path, { 'comfy-user': 'alice' });
  await putToSleep(engine);
  const made = madeFor(await as('/api/settings', { 'comfy-user': 'carol' }));
  expect([made.user, (await engine.status()).state]).toEqual(['carol', 'running']);
});

it('keeps no answer that gives the visitor a cookie', async () => {
  await as('/api/i18n', {});
  await putToSleep(engine);
  const answer = await as('/api/i18n', {});
  expect([answer.headers['set-cookie'], (await engine.status()).state]).toEqual([['visitor=1'], 'running']);
});

it('answers the style that the page waits for before anybody has said who they are, as ComfyUI refuses it', async () => {
  await as('/api/userdata/user.css', { 'comfy-user': 'alice' });
  const { since } = await putToSleep(engine);
  expect((await as('/api/userdata/user.css', {})).status).toBe(500);
  const after = await engine.status();
  expect([after.state, after.since]).toEqual(['stopped', since]);
});

/** What came with a cookie is asked for again without, a moment later. */
async function sleepWhenAllIsKept(users: readonly string[]) {
  const folder = join(engine.dataFolder, 'comfyui/page');
  const wanted = everywhere.flatMap((path) =>
    users.flatMap((user) => {
      const target = path.replace(/^\/api(?=\/)/, '');
      return keptName({ route: target.split('?', 1)[0] ?? '', target, isApi: false, user })?.key ?? [];
    }),
  );
  await until(() => {
    const [name = ''] = existsSync(folder) ? readdirSync(folder) : [];
    const index = join(folder, name, 'index.json');
    if (!existsSync(index)) return false;
    const { answers } = JSON.parse(readFileSync(index, 'utf8')) as { answers: { key: string }[] };
    return wanted.every((key) => answers.some((answer) => answer.key === key));
  });
  return putToSleep(engine);
}
