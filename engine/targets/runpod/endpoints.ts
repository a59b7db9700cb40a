/** The endpoints as a room: add, change, test, pause and remove them, and the target each of them is. */
import type { Endpoint, EndpointBody, EndpointTest } from '../../../contract/endpoints.ts';
import { AppError, toAppError } from '../../platform/app-error.ts';
import { createListeners, type Unsubscribe } from '../../platform/listeners.ts';
import { type EndpointStore, keyName, type StoredEndpoint } from './endpoint-store.ts';
import { createRunpodTarget, type RunpodTarget, type RunpodTargetDeps } from './runpod-target.ts';

export interface Endpoints {
  list(): Endpoint[];
  /** Adds it, or changes it. @throws AppError target_name_taken */
  save(name: string, body: EndpointBody): Promise<Endpoint>;
  /** A person's wish; `false` lets it be used again. @throws AppError endpoint_unknown */
  pause(name: string, paused: boolean): Promise<Endpoint>;
  /** With its key. @throws AppError endpoint_unknown, endpoint_busy while it has jobs under way */
  remove(name: string): Promise<void>;
  /** Asks its health, which costs nothing. @throws AppError endpoint_unknown */
  test(name: string): Promise<EndpointTest>;
  targets(): RunpodTarget[];
  /** Endpoints came, went or changed. */
  onChange(listener: () => void): Unsubscribe;
  close(): void;
}

export interface EndpointsDeps extends Omit<RunpodTargetDeps, 'endpoint' | 'key' | 'onUseless'> {
  readonly store: EndpointStore;
  readonly secrets: {
    value(name: string): string | null;
    save(name: string, value: null, place: 'file'): void;
    onChange(listener: (name: string) => void): Unsubscribe;
  };
  /** Another kind of target has that name. */
  readonly isNameTaken: (name: string) => boolean;
  /** Tells the user of what Stoker did by itself. */
  readonly tell: (message: string) => void;
}

const BY_USER = 'you paused it.';

export function createEndpoints(deps: EndpointsDeps): Endpoints {
  const { store, secrets, group, ledger, api } = deps;
  const changed = createListeners<void>();
  const targets = new Map<string, RunpodTarget>();
  for (const { name } of store.list()) addTarget(name);

  function addTarget(name: string): void {
    const target = createRunpodTarget(name, {
      ...deps,
      endpoint: () => store.find(name),
      key: () => secrets.value(keyName(name)),
      onUseless(reason) {
        deps.tell(`Stoker paused ${name}: ${reason}`);
        group
          .commit(() => store.setPaused(name, reason))
          .then(
            () => tellChange(name),
            () => undefined,
          );
      },
    });
    // Also what it offers by itself: trouble, and the end of it.
    target.onChange(() => changed.notify());
    targets.set(name, target);
  }

  function tellChange(name: string): void {
    targets.get(name)?.changed();
  }

  function existing(name: string): StoredEndpoint {
    const endpoint = store.find(name);
    if (endpoint !== null) return endpoint;
    throw new AppError('endpoint_unknown', `There is no endpoint "${name}".`, { details: { name } });
  }

  const shown = (endpoint: StoredEndpoint): Endpoint => ({
    ...endpoint,
    hasKey: secrets.value(keyName(endpoint.name)) !== null,
    spend: ledger.spend(endpoint.name),
  });

  secrets.onChange((name) => {
    const endpoint = [...targets.keys()].find((each) => keyName(each) === name);
    if (endpoint !== undefined) tellChange(endpoint);
  });

  return {
    list: () => store.list().map(shown),
    async save(name, body) {
      if (deps.isNameTaken(name)) {
        throw new AppError('target_name_taken', `There is another target "${name}".`, { details: { name } });
      }
      await group.commit(() => store.save(name, body));
      if (!targets.has(name)) addTarget(name);
      tellChange(name);
      return shown(existing(name));
    },
    async pause(name, paused) {
      existing(name);
      await group.commit(() => store.setPaused(name, paused ? BY_USER : null));
      tellChange(name);
      return shown(existing(name));
    },
    async remove(name) {
      existing(name);
      if ((targets.get(name)?.held() ?? 0) > 0) {
        throw new AppError('endpoint_busy', `${name} has jobs under way.`, { details: { name } });
      }
      await group.commit(() => store.remove(name));
      secrets.save(keyName(name), null, 'file');
      targets.get(name)?.close();
      targets.delete(name);
      changed.notify();
    },
    async test(name) {
      const { baseUrl, endpointId } = existing(name);
      const key = secrets.value(keyName(name));
      if (key === null) return { ok: false, message: `There is no API key for ${name}.`, workers: {}, queue: null };
      try {
        const { jobs, workers } = await api.health({ baseUrl, endpointId, key });
        const { inQueue, inProgress } = jobs;
        const message = `It answers: ${inQueue} waiting, ${inProgress} running.`;
        return { ok: true, message, workers, queue: { inQueue, inProgress } };
      } catch (error) {
        return { ok: false, message: toAppError(error).message, workers: {}, queue: null };
      }
    },
    targets: () => [...targets.values()],
    onChange: (listener) => changed.add(listener),
    close() {
      for (const target of targets.values()) target.close();
    },
  };
}
