/** The other ComfyUI servers the user has told about, in the jobs database. The key is not here: it is a secret by the server's name. */
import type { ServerBody } from '../../../contract/targets.ts';
import type { Database, Row } from '../../platform/database.ts';

export interface StoredServer extends ServerBody {
  readonly name: string;
  /** A person's wish: nothing is sent to it. */
  readonly paused: boolean;
}

export interface ServerStore {
  list(): StoredServer[];
  find(name: string): StoredServer | null;
  /** Keeps whether it is paused. */
  save(name: string, body: ServerBody): void;
  setPaused(name: string, paused: boolean): void;
  remove(name: string): void;
}

export function createServerStore(database: Database): ServerStore {
  const list = database.prepare('SELECT * FROM servers ORDER BY name');
  const find = database.prepare('SELECT * FROM servers WHERE name = ?');
  const save = database.prepare(`
    INSERT INTO servers (name, url, max_jobs, automatic) VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET url = excluded.url, max_jobs = excluded.max_jobs, automatic = excluded.automatic`);
  const setPaused = database.prepare('UPDATE servers SET paused = ? WHERE name = ?');
  const remove = database.prepare('DELETE FROM servers WHERE name = ?');
  return {
    list: () => list.all().map(serverOf),
    find(name) {
      const row = find.get(name);
      return row === undefined ? null : serverOf(row);
    },
    save: (name, { url, maxJobs, automatic }) =>
      void save.run(name, url.replace(/\/+$/, ''), maxJobs, automatic ? 1 : 0),
    setPaused: (name, paused) => void setPaused.run(paused ? 1 : 0, name),
    remove: (name) => void remove.run(name),
  };
}

const serverOf = (row: Row): StoredServer => ({
  name: String(row.name),
  url: String(row.url),
  maxJobs: Number(row.max_jobs),
  automatic: Number(row.automatic) === 1,
  paused: Number(row.paused) === 1,
});
