/** The endpoints as a room: add, change, test, pause and remove them, and the target each of them is. */
import { type Endpoint, type EndpointBody, type EndpointTest, PAUSED_BY_USER } from '../../../contract/endpoints.ts';
import { AppError, toAppError } from '../../platform/app-error.ts';
import { createNamedTargets, type NamedTargets, type NamedTargetsDeps } from '../named-targets.ts';
import type { EndpointStore, StoredEndpoint } from './endpoint-store.ts';
import type { RunpodEndpoint } from './runpod-api.ts';
import { createRunpodTarget, type RunpodTarget, type RunpodTargetDeps } from './runpod-target.ts';

export interface Endpoints
  extends Pick<NamedTargets<StoredEndpoint, EndpointBody, RunpodTarget>, 'remove' | 'onChange' | 'close'> {
  list(): Endpoint[];
  /** Adds it, or changes it. @throws AppError target_name_taken */
  save(name: string, body: EndpointBody): Promise<Endpoint>;
  /** A person's wish; `false` lets it be used again. @throws AppError endpoint_unknown */
  pause(name: string, paused: boolean): Promise<Endpoint>;
  /** Asks its health, which costs nothing. @throws AppError endpoint_unknown */
  test(name: string): Promise<EndpointTest>;
  /**
   * Takes everything that waits off its queue, the jobs of other programs too.
   * @returns how many jobs
   * @throws AppError endpoint_unknown, runpod_unauthorized, runpod_unreachable, …
   */
  empty(name: string): Promise<number>;
  targets(): RunpodTarget[];
}

export interface EndpointsDeps
  extends NamedTargetsDeps<StoredEndpoint, EndpointBody>,
    Omit<RunpodTargetDeps, 'endpoint' | 'key' | 'onUseless'> {
  readonly store: EndpointStore;
  /** Tells the user of what Stoker did by itself. */
  readonly tell: (message: string) => void;
}

export function createEndpoints(deps: EndpointsDeps): Endpoints {
  const { store, ledger, api } = deps;
  const named = createNamedTargets('endpoint', deps, (name, { stored, key }) =>
    createRunpodTarget(name, {
      ...deps,
      endpoint: stored,
      key,
      onUseless(reason) {
        deps.tell(`Stoker paused ${name}: ${reason}`);
        pause(name, reason).catch(() => undefined);
      },
    }),
  );
  const pause = (name: string, reason: string | null) => named.change(name, () => store.setPaused(name, reason));
  const shown = (endpoint: StoredEndpoint): Endpoint => ({
    ...endpoint,
    hasKey: named.key(endpoint.name) !== null,
    spend: ledger.spend(endpoint.name),
  });

  /** @throws AppError endpoint_unknown, runpod_unauthorized */
  function reachable(name: string): RunpodEndpoint {
    const { baseUrl, endpointId } = named.existing(name);
    const key = named.key(name);
    if (key === null)
      throw new AppError('runpod_unauthorized', `There is no API key for ${name}.`, { details: { name } });
    return { baseUrl, endpointId, key };
  }

  return {
    list: () => store.list().map(shown),
    save: async (name, body) => shown(await named.save(name, body)),
    async pause(name, paused) {
      named.existing(name);
      return shown(await pause(name, paused ? PAUSED_BY_USER : null));
    },
    remove: named.remove,
    async test(name) {
      named.existing(name);
      try {
        const { jobs, workers } = await api.health(reachable(name));
        const { inQueue, inProgress } = jobs;
        const message = `It answers: ${inQueue} waiting, ${inProgress} running.`;
        return { ok: true, message, code: null, workers, queue: { inQueue, inProgress } };
      } catch (error) {
        const { message, code } = toAppError(error);
        return { ok: false, message, code, workers: {}, queue: null };
      }
    },
    empty: async (name) => api.purgeQueue(reachable(name)),
    targets: named.list,
    onChange: named.onChange,
    close: named.close,
  };
}
