/** The other ComfyUI servers as a room: add, change, test, pause and remove them, and the target each of them is. */
import type { Server, ServerBody, ServerTest } from '../../../contract/targets.ts';
import type { GroupCommit } from '../../jobs/group-commit.ts';
import { AppError, toAppError } from '../../platform/app-error.ts';
import { createListeners, type Unsubscribe } from '../../platform/listeners.ts';
import { type ServerStore, type StoredServer, serverKeyName } from './server-store.ts';
import { createServerTarget, type ServerTarget, type ServerTargetDeps } from './server-target.ts';

export interface Servers {
  list(): Server[];
  /** Adds it, or changes it. @throws AppError target_name_taken */
  save(name: string, body: ServerBody): Promise<Server>;
  /** A person's wish; what it runs goes on. @throws AppError server_unknown */
  pause(name: string, paused: boolean): Promise<Server>;
  /** With its key. @throws AppError server_unknown, server_busy while it has jobs under way */
  remove(name: string): Promise<void>;
  /** Asks what wakes nobody. @throws AppError server_unknown */
  test(name: string): Promise<ServerTest>;
  targets(): { readonly target: ServerTarget; readonly automatic: boolean }[];
  /** Servers came, went or changed, or their offers. */
  onChange(listener: () => void): Unsubscribe;
  close(): void;
}

export interface ServersDeps extends Omit<ServerTargetDeps, 'server' | 'key'> {
  readonly store: ServerStore;
  readonly group: GroupCommit;
  readonly secrets: {
    value(name: string): string | null;
    save(name: string, value: null, place: 'file'): void;
    onChange(listener: (name: string) => void): Unsubscribe;
  };
  /** Another kind of target has that name. */
  readonly isNameTaken: (name: string) => boolean;
}

export function createServers(deps: ServersDeps): Servers {
  const { store, secrets, group, api } = deps;
  const changed = createListeners<void>();
  const targets = new Map<string, ServerTarget>();
  for (const { name } of store.list()) addTarget(name);

  function addTarget(name: string): void {
    const target = createServerTarget(name, {
      ...deps,
      server: () => store.find(name),
      key: () => secrets.value(serverKeyName(name)),
    });
    target.onChange(() => changed.notify());
    targets.set(name, target);
  }

  function existing(name: string): StoredServer {
    const server = store.find(name);
    if (server !== null) return server;
    throw new AppError('server_unknown', `There is no server "${name}".`, { details: { name } });
  }

  const shown = (server: StoredServer): Server => ({
    ...server,
    hasKey: secrets.value(serverKeyName(server.name)) !== null,
  });

  secrets.onChange((secret) => [...targets].find(([name]) => serverKeyName(name) === secret)?.[1].changed());

  return {
    list: () => store.list().map(shown),
    async save(name, body) {
      if (deps.isNameTaken(name)) {
        throw new AppError('target_name_taken', `There is another target "${name}".`, { details: { name } });
      }
      await group.commit(() => store.save(name, body));
      if (!targets.has(name)) addTarget(name);
      targets.get(name)?.changed();
      return shown(existing(name));
    },
    async pause(name, paused) {
      existing(name);
      await group.commit(() => store.setPaused(name, paused));
      targets.get(name)?.changed();
      return shown(existing(name));
    },
    async remove(name) {
      existing(name);
      const target = targets.get(name);
      if ((target?.held() ?? 0) > 0) {
        throw new AppError('server_busy', `${name} has jobs under way.`, { details: { name } });
      }
      await group.commit(() => store.remove(name));
      secrets.save(serverKeyName(name), null, 'file');
      targets.delete(name);
      target?.close();
      changed.notify();
    },
    async test(name) {
      const { url } = existing(name);
      const server = targets.get(name)?.address() ?? { url };
      try {
        const queue = await api.queue(server);
        const comfyuiVersion = await api.version(server);
        const message =
          comfyuiVersion === null ? 'It answers; its ComfyUI sleeps.' : `It answers: ComfyUI ${comfyuiVersion}.`;
        return { ok: true, message, code: null, comfyuiVersion, queue };
      } catch (error) {
        const { message, code } = toAppError(error);
        return { ok: false, message, code, comfyuiVersion: null, queue: null };
      }
    },
    targets: () => [...targets].map(([name, target]) => ({ target, automatic: store.find(name)?.automatic ?? false })),
    onChange: (listener) => changed.add(listener),
    close() {
      for (const target of targets.values()) target.close();
    },
  };
}
