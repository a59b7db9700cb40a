/** Puts the durable queue together: its database, its files, its targets, its retention. Knows every file of this room and decides nothing. */
import { join } from 'node:path';
import type { EmptiedEndpoint } from '../../contract/endpoints.ts';
import type { JobNotice, PromptEnd } from '../../contract/events.ts';
import type { ComfyFile, JobOutput } from '../../contract/jobs.ts';
import type { Savings } from '../../contract/savings.ts';
import type { JobsStatus } from '../../contract/status.ts';
import type { TargetKind, TargetStatus } from '../../contract/targets.ts';
import type { CatalogueDigest } from '../comfyui/catalogue-digest.ts';
import { createLedger } from '../money/ledger.ts';
import { createBudgetWatch } from '../offload/budget-watch.ts';
import { createLearntShapes } from '../offload/learnt-shapes.ts';
import { AT_HOME, createOffload, type Offload } from '../offload/offload.ts';
import { createRuleWatch, type RuleWatch, type RuleWatchDeps } from '../offload/rule-watch.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import { type Database, openDatabase } from '../platform/database.ts';
import { createListeners, joined, type Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import { createPreflight, type Preflight } from '../preflight/job-check.ts';
import { createLessonStore } from '../preflight/lesson-store.ts';
import { createServerStore } from '../targets/comfyui/server-store.ts';
import { createServers, type Servers, type ServersDeps } from '../targets/comfyui/servers.ts';
import { createEndpointStore } from '../targets/runpod/endpoint-store.ts';
import { createEndpoints, type Endpoints, type EndpointsDeps } from '../targets/runpod/endpoints.ts';
import { createRunpodApi } from '../targets/runpod/runpod-api.ts';
import type { Target, Targets } from '../targets/target.ts';
import { type ContentStore, createContentStore, type ResultFile } from './content-store.ts';
import { createEndsElsewhere } from './ends-elsewhere.ts';
import { createGroupCommit } from './group-commit.ts';
import { createIdempotency, type Idempotency } from './idempotency.ts';
import { createInputStore, type InputStore } from './input-store.ts';
import { createJobListing, type JobListing } from './job-list.ts';
import { jobPicture } from './job-picture.ts';
import { createJournal, type Journal } from './journal.ts';
import { createOutputHomes, type OutputHomes } from './output-homes.ts';
import { createJobQueue, type JobQueue, type JobQueueDeps } from './queue.ts';
import { createResultsHome } from './results-home.ts';
import { createRetention } from './retention.ts';
import { JOB_MIGRATIONS } from './schema.ts';
import { createJobStore, type JobStore } from './store.ts';

export interface Jobs {
  readonly queue: JobQueue;
  readonly journal: Journal;
  readonly listing: JobListing;
  readonly store: Pick<JobStore, 'job' | 'summary' | 'output' | 'counts'>;
  readonly content: ContentStore;
  /** Wherever it lies; null when it is not to be had now. */
  openResult(output: JobOutput): Promise<ResultFile | null>;
  readonly homes: OutputHomes;
  readonly idempotency: Idempotency;
  readonly endpoints: Endpoints;
  readonly preflight: Preflight;
  readonly servers: Servers;
  readonly offload: Offload;
  /** The user's rule for what waits has changed. */
  readonly rules: Pick<RuleWatch, 'look'>;
  /** Of a job; null when Stoker has none. */
  picture(id: string): ReturnType<typeof jobPicture>;
  onNotice(listener: (notice: JobNotice) => void): Unsubscribe;
  /** Of jobs that ran on an endpoint or another server. */
  onEndElsewhere(listener: (end: PromptEnd) => void): Unsubscribe;
  readonly inputs: InputStore;
  status(): JobsStatus;
  /** `status` has changed. */
  onStatusChange(listener: () => void): Unsubscribe;
  /** What a job may ask for beside `auto`. */
  targetNames(): string[];
  /** Of all endpoints there are and were. */
  remoteSpend(): Savings['remote'];
  /** What each place offers now. */
  targets(): TargetStatus[];
  /** Cancels all that waits for, or runs on, an endpoint; resolves with how many. */
  cancelRemote(): Promise<number>;
  /**
   * Takes everything that waits off an endpoint's queue, the jobs of other programs too; what runs goes on.
   * @throws AppError endpoint_unknown, runpod_unauthorized, runpod_unreachable, …
   */
  emptyEndpoint(name: string): Promise<EmptiedEndpoint>;
  close(): Promise<void>;
}

export interface JobsDeps {
  /** `jobs.sqlite` and the results lie in it. */
  readonly folder: string;
  readonly local: Target;
  readonly remote: Pick<EndpointsDeps, 'secrets' | 'packageJob' | 'fetchUrl' | 'tell' | 'random'>;
  readonly livePreviews: JobQueueDeps['livePreviews'];
  /** Of the local ComfyUI, as last seen. */
  readonly catalogue: () => CatalogueDigest | null;
  /** ComfyUI's own; null when only ComfyUI itself knows. */
  readonly outputFolder: () => string | null;
  /** A result that lies in ComfyUI's folders; null when it is not to be had now. */
  readonly homeFile: (file: ComfyFile) => Promise<ResultFile | null>;
  readonly others: Pick<ServersDeps, 'api' | 'folders'>;
  /** Over all targets. */
  readonly mostAtOnce: () => number;
  /** `mostAtOnce` may have changed. */
  readonly onSettingsChange: (listener: () => void) => Unsubscribe;
  readonly keptDays: () => number;
  readonly offloadWishes: RuleWatchDeps['wishes'];
  readonly clock: Clock;
  readonly log: Log;
  readonly onProblem: (message: string) => void;
}

const SPEND_DAYS = 31;

/** @throws AppError data_folder_unusable: without its file nothing may be accepted */
export function createJobs(deps: JobsDeps): Jobs {
  const { folder, local, remote, catalogue, keptDays, clock, log, onProblem } = deps;
  // First: it makes the folder.
  const content = createContentStore(join(folder, 'results'));
  const database: Database = openDatabase({
    file: join(folder, 'jobs.sqlite'),
    migrations: JOB_MIGRATIONS,
    now: clock.now,
    log,
    onProblem,
    whenUnusable: 'throw',
    durability: 'power',
  });
  const store = createJobStore({ database, clock });
  const group = createGroupCommit(database);
  const api = createRunpodApi();
  const serverStore = createServerStore(database);
  const endpointStore = createEndpointStore(database);
  const ledger = createLedger({ database, clock });
  ledger.bookLeftovers();
  const preflight = createPreflight({
    lessons: createLessonStore({ database, clock }),
    group,
    catalogue,
    localTarget: local.name,
    endpoint: endpointStore.find,
    offer: (name) =>
      places()
        .find(({ target }) => target.name === name)
        ?.target.offer() ?? null,
    ledger,
    packageJob: remote.packageJob,
  });
  const servers = createServers({
    ...deps.others,
    store: serverStore,
    secrets: remote.secrets,
    isNameTaken: (name) => endpointStore.find(name) !== null,
    group,
    clock,
  });
  const endpoints = createEndpoints({
    ...remote,
    lacks: preflight.lacks,
    store: endpointStore,
    isNameTaken: (name) => serverStore.find(name) !== null,
    api,
    ledger,
    group,
    clock,
  });
  const places = (): { readonly target: Target; readonly kind: TargetKind; readonly automatic: boolean }[] => [
    { target: local, kind: 'local', automatic: true },
    ...servers.targets().map(({ target, automatic }) => ({ target, kind: 'comfyui' as const, automatic })),
    // Work goes where it costs only when that was asked for by name.
    ...endpoints.targets().map((target) => ({ target, kind: 'runpod' as const, automatic: false })),
  ];
  const targets: Targets = {
    list: places,
    onChange(listener) {
      return joined(
        local.onChange(listener),
        servers.onChange(listener),
        endpoints.onChange(listener),
        deps.onSettingsChange(listener),
      );
    },
  };
  const queue = createJobQueue({
    store,
    group,
    content,
    targets,
    elsewhere: (id, target) => rules.elsewhere(id, target),
    resultsHome: createResultsHome({ content, outputFolder: deps.outputFolder, localTarget: local.name }),
    livePreviews: deps.livePreviews,
    learn: preflight.learn,
    limit: deps.mostAtOnce,
    clock,
    log,
  });
  const notices = createListeners<JobNotice>((error) => log.error({ err: error }, 'a notice listener failed'));
  const targetList = (): readonly Target[] => targets.list().map(({ target }) => target);
  const offload = createOffload({ store, queue, targets: targetList });
  const rules = createRuleWatch({
    wishes: deps.offloadWishes,
    store,
    queue,
    offload,
    targets: { list: targetList, onChange: targets.onChange },
    shapes: createLearntShapes({ database, clock }),
    group,
    tell: notices.notify,
    clock,
    log,
  });
  createBudgetWatch({ queue, endpoints, tell: notices.notify, clock });
  const endsElsewhere = createEndsElsewhere({ queue, store, clock }, local.name);
  const journal = createJournal({ store, group, queue });
  const idempotency = createIdempotency({ database, group, clock });
  const retention = createRetention({ store, queue, idempotency, keptDays, clock, log });
  function status(): JobsStatus {
    const { queued, running } = store.counts();
    const names = new Set(endpoints.targets().map(({ name }) => name));
    return {
      waiting: queued,
      running,
      remote: running === 0 ? 0 : store.running().filter(({ state }) => names.has(state.target)).length,
      spentTodayMicroDollars: endpoints.list().reduce((sum, { spend }) => sum + spend.today, 0),
      ...store.notBegunCounts(AT_HOME),
      offloadTargets: targetList()
        .filter(({ name }) => name !== local.name)
        .map((target) => ({ name: target.name, refusal: target.offer().refusal })),
    };
  }
  const statusChanged = createListeners<void>((error) => log.error({ err: error }, 'a jobs listener failed'));
  let told = '';
  // Progress comes many times a second and changes none of these numbers.
  queue.onChange(({ job }) => {
    const phase = job.state.kind === 'running' ? job.state.phase : '';
    const state = `${job.id} ${job.state.kind} ${phase} ${job.wantedTarget}`;
    if (state !== told) statusChanged.notify();
    told = state;
  });

  targets.onChange(statusChanged.notify);

  /** @returns how many of them had not ended by themselves */
  async function cancelAll(ids: readonly string[]): Promise<number> {
    const cancelled = await Promise.all(ids.map((id) => queue.cancel(id).then(() => true, hasEnded)));
    return cancelled.filter((each) => each).length;
  }

  async function openResult({ sha256, home }: JobOutput): Promise<ResultFile | null> {
    const own = sha256 === null ? null : await content.open(sha256).catch(() => null);
    return own ?? (home === null ? null : deps.homeFile(home));
  }

  return {
    queue,
    journal,
    listing: createJobListing(database),
    store,
    content,
    openResult,
    homes: createOutputHomes(database),
    idempotency,
    endpoints,
    preflight,
    servers,
    offload,
    rules,
    picture: (id) => jobPicture(store, openResult, id),
    onNotice: (listener) => notices.add(listener),
    onEndElsewhere: endsElsewhere.onEnd,
    inputs: createInputStore(() => deps.others.folders().input),
    status,
    onStatusChange: (listener) => statusChanged.add(listener),
    targetNames: () => places().map(({ target }) => target.name),
    targets: () =>
      places().map(({ target, kind, automatic }) => {
        const { free, load, refusal, retryAt = null } = target.offer();
        return { name: target.name, kind, automatic, free, load, refusal, retryAt };
      }),
    remoteSpend() {
      const spends = endpoints.list().map(({ spend }) => spend);
      return {
        today: spends.reduce((sum, { today }) => sum + today, 0),
        month: spends.reduce((sum, { month }) => sum + month, 0),
        days: ledger.days(SPEND_DAYS),
      };
    },
    cancelRemote: () => cancelAll(store.activeOn(endpoints.targets().map(({ name }) => name))),
    async emptyEndpoint(name) {
      const waiting = store.notBegun([name]).filter(({ heldBy }) => heldBy === name);
      const cancelled = await cancelAll(waiting.map(({ id }) => id));
      return { cancelled, removed: await endpoints.empty(name) };
    },
    async close() {
      rules.close();
      retention.close();
      await queue.close();
      servers.close();
      endpoints.close();
      await api.close();
      database.close();
    },
  };
}

/** What ends by itself just then must not keep the others from being cancelled. */
function hasEnded(error: unknown): false {
  if (error instanceof AppError && (error.code === 'job_ended' || error.code === 'job_not_found')) return false;
  throw error;
}
