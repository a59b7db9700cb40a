/** The other ComfyUI servers as a room: add, change, test, pause and remove them, and the target each of them is. */
import type { Server, ServerBody, ServerTest } from '../../../contract/targets.ts';
import { toAppError } from '../../platform/app-error.ts';
import { createNamedTargets, type NamedTargets, type NamedTargetsDeps } from '../named-targets.ts';
import type { ServerStore, StoredServer } from './server-store.ts';
import { createServerTarget, type ServerTarget, type ServerTargetDeps } from './server-target.ts';

export interface Servers
  extends Pick<NamedTargets<StoredServer, ServerBody, ServerTarget>, 'remove' | 'onChange' | 'close'> {
  list(): Server[];
  /** Adds it, or changes it. @throws AppError target_name_taken */
  save(name: string, body: ServerBody): Promise<Server>;
  /** A person's wish; what it runs goes on. @throws AppError server_unknown */
  pause(name: string, paused: boolean): Promise<Server>;
  /** Asks what wakes nobody. @throws AppError server_unknown */
  test(name: string): Promise<ServerTest>;
  targets(): { readonly target: ServerTarget; readonly automatic: boolean }[];
}

export interface ServersDeps
  extends NamedTargetsDeps<StoredServer, ServerBody>,
    Omit<ServerTargetDeps, 'server' | 'key'> {
  readonly store: ServerStore;
}

export function createServers(deps: ServersDeps): Servers {
  const { store, api } = deps;
  const named = createNamedTargets('server', deps, (name, { stored, key }) =>
    createServerTarget(name, { ...deps, server: stored, key }),
  );
  const shown = (server: StoredServer): Server => ({ ...server, hasKey: named.key(server.name) !== null });

  return {
    list: () => store.list().map(shown),
    save: async (name, body) => shown(await named.save(name, body)),
    async pause(name, paused) {
      named.existing(name);
      return shown(await named.change(name, () => store.setPaused(name, paused)));
    },
    remove: named.remove,
    async test(name) {
      const { url } = named.existing(name);
      const server = named.target(name)?.address() ?? { url };
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
    targets: () => named.list().map((target) => ({ target, automatic: store.find(target.name)?.automatic ?? false })),
    onChange: named.onChange,
    close: named.close,
  };
}
