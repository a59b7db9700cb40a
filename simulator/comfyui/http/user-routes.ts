/** Users, settings and user data: what the page keeps on the server, in the folder of the one user "default". */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { empty, json } from './reply.ts';
import { readJson, readJsonObject } from './request.ts';
import type { Route } from './route-table.ts';
import { userDataRoutes } from './user-data-routes.ts';

export function userRoutes(userFolder: string): Route[] {
  const home = join(userFolder, 'default');
  const settingsFile = join(home, 'comfy.settings.json');

  const readSettings = async (): Promise<Record<string, unknown>> => {
    // ComfyUI creates the user's folder with the first look at the settings; GET /users tells it from then on.
    await mkdir(dirname(settingsFile), { recursive: true });
    if (!existsSync(settingsFile)) return {};
    try {
      return JSON.parse(await readFile(settingsFile, 'utf8')) as Record<string, unknown>;
    } catch {
      return {};
    }
  };
  // One after the other: two pages that change different settings at once must not undo each other.
  let lastChange: Promise<unknown> = Promise.resolve();
  const change = (changed: Record<string, unknown>): Promise<void> => {
    const next = lastChange.then(async () => {
      await writeFile(settingsFile, JSON.stringify({ ...(await readSettings()), ...changed }, undefined, 4));
    });
    lastChange = next.catch(() => undefined);
    return next;
  };

  return [
    { method: 'GET', path: '/users', handle: () => json({ storage: 'server', migrated: existsSync(home) }) },
    {
      method: 'POST',
      path: '/users',
      handle: async (request) => {
        const { username } = await readJsonObject(request);
        if (typeof username !== 'string' || username.trim() === '') throw new TypeError('username not provided');
        const id = `${username.trim().replace(/[^a-zA-Z0-9_-]+/g, '-')}_${randomUUID()}`;
        await writeFile(join(userFolder, 'users.json'), JSON.stringify({ default: 'default', [id]: username.trim() }));
        return json(id);
      },
    },
    { method: 'GET', path: '/settings', handle: async () => json(await readSettings()) },
    {
      method: 'GET',
      path: '/settings/{id}',
      handle: async ({ parameters }) => json((await readSettings())[parameters.id ?? ''] ?? null),
    },
    {
      method: 'POST',
      path: '/settings',
      handle: async (request) => {
        await change(await readJsonObject(request));
        return empty(200);
      },
    },
    {
      method: 'POST',
      path: '/settings/{id}',
      handle: async (request) => {
        await change({ [request.parameters.id ?? '']: await readJson(request) });
        return empty(200);
      },
    },
    { method: 'GET', path: '/i18n', handle: () => json({}) },
    ...userDataRoutes(home),
  ];
}
