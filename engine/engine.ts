/** Wires the rooms together: the only file that knows every module. It decides nothing; it says who hears of what. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PromptEnd } from '../contract/events.ts';
import type { Settings } from '../contract/settings.ts';
import type { Status } from '../contract/status.ts';
import { createHappenings } from './api/happenings.ts';
import { createJobFeed } from './api/job-feed.ts';
import { createPort } from './api/port/open-port.ts';
import { noticeSentence, promptEndSentence } from './api/prompt-words.ts';
import { createManagerApi } from './api/server.ts';
import { assembleStatus } from './api/status.ts';
import { createComfyClient } from './comfyui/client.ts';
import { inputFolderOf } from './comfyui/comfy-folders.ts';
import { createDeviceCheck } from './comfyui/device-check.ts';
import { readExtension } from './comfyui/extension-file.ts';
import { readPreview } from './comfyui/frames.ts';
import { createHistoryStore } from './comfyui/history-store.ts';
import { createLivePreviews } from './comfyui/live-previews.ts';
import { createNodeCatalogue } from './comfyui/node-catalogue.ts';
import { outputFolderOf } from './comfyui/output-folder.ts';
import { createPreviews } from './comfyui/previews.ts';
import { createQueueItemsClient } from './comfyui/queue-items.ts';
import { createQueueWatch } from './comfyui/queue-watch.ts';
import { watchComfyVersion } from './comfyui/version-watch.ts';
import { watchWebRoot } from './comfyui/web-root-watch.ts';
import { createLendingDesk } from './courtesy/lending-desk.ts';
import { simulatedInputFolder, simulatedOutputFolder } from './demo.ts';
import { createDoctor } from './doctor/doctor.ts';
import { createGallery } from './gallery/gallery.ts';
import { createJobThumbnails } from './gallery/job-thumbnails.ts';
import { createMakers } from './gallery/makers.ts';
import { createThumbnails } from './gallery/thumbnails.ts';
import { createGatekeeper, type Gatekeeper } from './gateway/gatekeeper.ts';
import { createGateway } from './gateway/gateway.ts';
import { withEntry } from './gateway/page-script.ts';
import { createSocketRelay } from './gateway/websocket.ts';
import { createGpuAttention } from './gpu/attention.ts';
import { createGpuHistory } from './gpu/history.ts';
import { machineGpuSources } from './gpu/machine-sources.ts';
import { createGpuMonitor } from './gpu/monitor.ts';
import { type Closings, closeInTurn, type EngineOptions, openGround } from './ground.ts';
import { createActivityMeter } from './idle/activity-meter.ts';
import { createAttendance } from './idle/attendance.ts';
import { createIdleWatch } from './idle/idle-watch.ts';
import { createKeepAwakeStore } from './idle/keep-awake-store.ts';
import { createPageStore } from './page-store/page-store.ts';
import { systemClock } from './platform/clock.ts';
import { createListeners, joined, type Unsubscribe } from './platform/listeners.ts';
import { VERSION } from './platform/version.ts';
import { nameHolder } from './port-holder.ts';
import { createSavingsWatch } from './savings/savings-watch.ts';
import { findInstallations } from './supervisor/installations/installations.ts';
import { diskFiles } from './supervisor/installations/places.ts';
import { runCommand } from './supervisor/processes/run-command.ts';
import { createSupervisor } from './supervisor/supervisor.ts';
import { createWork } from './work.ts';

export interface Engine {
  /** Base address without a path. */
  readonly url: string;
  /** What was wrong with the settings file or the environment, in words. */
  readonly problems: readonly string[];
  /** Stops ComfyUI, answers who waits, and lets go of the data folder. */
  close(): Promise<void>;
}

/**
 * @throws AppError public_port_taken, data_folder_locked, data_folder_unusable, token_needed_for_address or invalid_settings;
 *         nothing is left running then
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { dataFolder, environment, programFolder } = options;
  const clock = systemClock;
  const { platform } = process;
  const startedAt = new Date(clock.now()).toISOString();
  const happenings = createHappenings(clock);
  const closings: Closings = [];
  const close = (): Promise<void> => closeInTurn(closings);

  try {
    const ground = await openGround(options, closings, (message) => happenings.add('engine', 'warning', message));
    const { paths, log, lock, processes, secrets, settings, database, tellProblem } = ground;
    const problems = settings.answer().problems;
    for (const problem of problems) happenings.add('settings', 'warning', problem);
    for (const notice of settings.notices) happenings.add('settings', 'info', notice);

    const supervisor = createSupervisor({
      settings: settings.current,
      dataFolder: paths.comfyFolder,
      clock,
      log: log.child({ room: 'supervisor' }),
      processes,
      environment,
      platform,
      currentNode: () => queue.snapshot().current?.nodeType ?? null,
      random: Math.random,
    });
    closings.push(() => supervisor.close());
    const comfyPids = async (): Promise<number[]> => {
      const state = supervisor.state();
      return state.kind === 'running' ? processes.tree.remaining(state.pid) : [];
    };
    const comfyVersion = watchComfyVersion(supervisor.log);

    const comfy = createComfyClient({ address: supervisor.address, clock });
    closings.push(() => comfy.close());
    const catalogue = createNodeCatalogue({
      file: join(paths.comfyFolder, 'node-catalogue.json'),
      objectInfo: comfy.objectInfo,
      log,
    });
    supervisor.onTransition(({ from, to }) => {
      if (to.kind === 'running' && from.kind !== 'running') void catalogue.refresh();
    });
    const meter = createActivityMeter(clock);
    const queue = createQueueWatch({
      supervisor,
      client: comfy,
      historyStore: createHistoryStore({ file: join(paths.comfyFolder, 'last-history.json'), log }),
      clock,
      log,
    });
    closings.push(() => queue.close());
    const idle = createIdleWatch({
      meter,
      queue,
      supervisor,
      freeVram: comfy.freeVram,
      settings,
      keepAwakeStore: createKeepAwakeStore({ file: join(dataFolder, 'keep-awake.json'), log }),
      clock,
      log,
    });
    closings.push(() => idle.close());

    const gpu = createGpuMonitor({
      clock,
      log,
      settings: () => settings.current().gpu,
      ...machineGpuSources({
        clock,
        comfyPids: async () => new Set(await comfyPids()),
        readSystemStats: async () => (supervisor.address() === null ? null : comfy.systemStats()),
        onlySystemStats: options.demo,
      }),
    });
    closings.push(() => gpu.close());
    const gpuHistory = createGpuHistory({ database, clock, onProblem: tellProblem });
    closings.push(() => gpuHistory.close());
    gpu.onReading(gpuHistory.record);

    const savings = createSavingsWatch({
      file: join(dataFolder, 'savings.json'),
      occupation() {
        const { kind } = supervisor.state();
        if (kind === 'stopped')
          return describeInstallation(settings.current(), options.demo).configured ? 'asleep' : 'other';
        const { running, pending } = queue.snapshot();
        return kind === 'running' && running + pending === 0 ? 'idle' : 'other';
      },
      gpu: gpu.snapshot,
      clock,
      log,
    });
    closings.push(() => savings.close());

    const queueItems = createQueueItemsClient(supervisor.address);
    closings.push(() => queueItems.close());
    const { courtesy, guarded, withdrawals, settingsChanged } = createLendingDesk({
      folder: paths.comfyFolder,
      supervisor,
      settings: () => settings.current().courtesy,
      queueItems,
      journal: () => jobs.journal,
      requestsInFlight: () => meter.snapshot().inFlight.request + meter.snapshot().inFlight.upload,
      freeVram: comfy.freeVram,
      historySaved: queue.refresh,
      table: processes.table,
      comfyPids,
      gpu,
      tell: (level, message) => happenings.add('courtesy', level, message),
      platform,
      clock,
      log: log.child({ room: 'courtesy' }),
      closings,
    });

    const inputFolder = (): string | null =>
      options.demo ? simulatedInputFolder(dataFolder) : inputFolderOf(settings.current().installation);
    const outputFolder = (): string | null =>
      options.demo ? simulatedOutputFolder(dataFolder) : outputFolderOf(settings.current().installation);
    const livePreviews = createLivePreviews();
    const { jobs, promptsHandedOver } = createWork({
      livePreviews,
      folder: paths.jobsFolder,
      supervisor: guarded,
      courtesy,
      wasWithdrawn: withdrawals.take,
      queue,
      historyOf: comfy.historyOf,
      socketsReady: () => relay.readyBarrier(),
      queueLength: () => queue.snapshot().running + queue.snapshot().pending,
      inputFolder,
      outputFolder,
      catalogue: catalogue.current,
      secrets,
      keptDays: () => settings.current().jobs.keepDays,
      mostAtOnce: () => settings.current().jobs.mostAtOnce,
      onSettingsChange: settings.onChange,
      offloadWishes: () => settings.current().jobs,
      clock,
      log: log.child({ room: 'jobs' }),
      tell: (message) => happenings.add('queue', 'warning', message),
      onProblem: tellProblem,
      closings,
    });

    const thumbnails = createThumbnails({
      folder: paths.thumbnailsFolder,
      workerFile: join(programFolder, 'gallery/thumbnail-worker.js'),
      clock,
      log: log.child({ room: 'gallery' }),
    });
    const gallery = createGallery({
      folder: outputFolder,
      makers: createMakers({ homes: jobs.homes, onJobChange: jobs.queue.onChange }),
      isJobKnown: (id) => jobs.store.summary(id) !== null,
      thumbnails,
      clock,
    });
    closings.push(() => gallery.close());
    const comfyPreviews = createPreviews({
      client: comfy,
      isRunning: () => supervisor.address() !== null,
      lastKnownHistory: queue.lastKnownHistory,
      outputFolder,
    });
    const onAnyEnd = (listener: (end: PromptEnd) => void): Unsubscribe => {
      return joined(queue.onPromptEnd(listener), jobs.onEndElsewhere(listener));
    };

    const door = createGatekeeper({ settings: settings.current, clock });
    const gatekeeper: Gatekeeper = {
      ...door,
      authorize(request, authority) {
        const refusal = door.authorize(request, authority);
        if (refusal === null) attendance?.touch();
        return refusal;
      },
    };
    const relay = createSocketRelay({
      supervisor,
      authorize: gatekeeper.authorize,
      tokenFilter: gatekeeper.tokenFilter,
      queue,
      preview(data) {
        const picture = readPreview(data);
        const promptId = picture?.promptId ?? queue.snapshot().current?.promptId;
        if (picture !== null && promptId !== undefined) livePreviews.show(promptId, picture);
      },
      comfy,
      maxSockets: () => settings.current().network.maxSockets,
      clock,
      log: log.child({ room: 'websocket' }),
    });
    closings.push(() => relay.close());

    const pageScript = readExtension(programFolder);
    const pageStore = createPageStore({
      folder: join(paths.comfyFolder, 'page'),
      settings: settings.current,
      supervisor,
      webRoot: watchWebRoot(supervisor.log),
      folders: () => ({ input: inputFolder(), output: outputFolder() }),
      onRefused: ({ target }, status) =>
        happenings.add(
          'engine',
          'warning',
          `ComfyUI did not take what its page had saved (${target}): status ${status}.`,
        ),
      adaptList: (list) => (pageScript === null ? null : withEntry(list, pageScript.path)) ?? list,
      clock,
      log: log.child({ room: 'page' }),
    });
    closings.push(() => pageStore.close());

    const gateway = createGateway({
      settings: settings.current,
      supervisor: guarded,
      cardLent() {
        const error = courtesy.refusal();
        return error === null ? null : { error, backAt: courtesy.backAt() };
      },
      pageScript,
      pageStore,
      journal: jobs.journal,
      promptsHandedOver,
      meter,
      queue,
      manager: (request, response) => api.handle(request, response),
      sockets: relay,
      gatekeeper,
      clock,
      log: log.child({ room: 'gateway' }),
    });

    let url = '';
    const status = (): Status =>
      assembleStatus(
        {
          state: supervisor.state(),
          expectedStartSeconds: supervisor.expectedStartSeconds(),
          idle: idle.status(),
          queue: queue.snapshot(),
          courtesy: courtesy.status(),
          jobs: jobs.status(),
          page: pageStore.status(),
          gpu: gpu.snapshot(),
          gateway: { url, heldRequests: gateway.heldRequests(), sockets: relay.count() },
          installation: { ...describeInstallation(settings.current(), options.demo), comfyuiVersion: comfyVersion() },
          engine: { pid: process.pid, startedAt, demo: options.demo, dataFolder },
          version: VERSION,
        },
        clock.now(),
      );
    const attendance = options.attended
      ? createAttendance({
          clock,
          facts: () => ({ status: status(), streams: api.streams() }),
          end() {
            log.info('nobody has used this engine for a while; it ends');
            options.askToEnd();
          },
        })
      : null;
    if (attendance !== null) closings.push(attendance.close);
    const statusChanged = createListeners<void>((error) => log.error({ err: error }, 'a status listener failed'));
    const places = { platform, home: homedir(), environment, files: diskFiles };

    const { tokens, port: apiPort } = await createPort({
      file: paths.tokensFile,
      rooms: { clock, jobs, status },
      settings: settings.current,
      version: VERSION,
      onRequest: () => attendance?.touch(),
      tell: tellProblem,
      clock,
      log: log.child({ room: 'api' }),
    });
    closings.push(() => apiPort.close());
    const api = await createManagerApi({
      rooms: {
        clock,
        supervisor: guarded,
        courtesy,
        queue,
        idle,
        freeVram: idle.freeVram,
        status,
        settings,
        secrets,
        doctor: createDoctor({
          settings: settings.current,
          demo: options.demo,
          platform,
          environment,
          dataFolder,
          table: processes.table,
          comfyPids,
          logTail: () => supervisor.log.tail(MANY_LINES).map((line) => line.text),
          readGpu: gpu.readOnce,
          run: runCommand,
          clock,
        }),
        installations: () =>
          findInstallations({ ...places, table: processes.table, clock, configured: settings.current().installation }),
        gpuHistory: (range) => gpuHistory.query(range, clock.now()),
        happenings,
        askToEnd: options.askToEnd,
        jobs,
        livePreviews,
        savings,
        tokens,
        apiPort,
        gallery,
        jobThumbnails: createJobThumbnails({ jobs, thumbnails }),
        check: createDeviceCheck({ supervisor, client: comfy, queue, gpu, log }),
        previews: { of: async (id) => (await jobs.picture(id)) ?? comfyPreviews.of(id) },
      },
      events: {
        clock,
        status,
        onStatusChange: statusChanged.add,
        gpu,
        log: supervisor.log,
        happenings,
        promptEnds: { onEnd: onAnyEnd },
        jobNotices: { onNotice: jobs.onNotice },
        jobs: createJobFeed({ queue: jobs.queue, listing: jobs.listing, counts: jobs.store.counts, clock }),
      },
      rendererFolder: join(programFolder, 'renderer'),
      version: VERSION,
      log: log.child({ room: 'api' }),
    });
    closings.push(() => api.close());

    const gpuAttention = createGpuAttention({ gpu, tell: statusChanged.notify });
    closings.push(() => gpuAttention.close());
    supervisor.onTransition(({ from, to, message }) => {
      gpuAttention.follow(to.kind === 'running');
      // The boot phases are for the waking page; the event list tells what came of them.
      if (from.kind !== to.kind)
        happenings.add('state', to.kind === 'failed' || to.kind === 'backingOff' ? 'error' : 'info', message);
      if (to.kind === 'starting') settings.setUsedByComfyui(settings.current());
      if (to.kind === 'stopped' || to.kind === 'failed') settings.setUsedByComfyui(null);
      statusChanged.notify();
    });
    queue.onChange(({ running }) => {
      supervisor.setBusy(running > 0);
      statusChanged.notify();
    });
    onAnyEnd((end) => happenings.add('queue', end.outcome === 'failed' ? 'error' : 'info', promptEndSentence(end)));
    queue.onPromptEnd((end) => livePreviews.forget(end.promptId));
    let wasFreed = false;
    idle.onChange(({ freed }) => {
      if (freed && !wasFreed) happenings.add('idle', 'info', 'Freed VRAM: ComfyUI keeps running without its models.');
      wasFreed = freed;
      statusChanged.notify();
    });
    courtesy.onChange(statusChanged.notify);
    jobs.onStatusChange(statusChanged.notify);
    pageStore.onChange(statusChanged.notify);
    jobs.onNotice((notice) => happenings.add('queue', 'warning', noticeSentence(notice)));
    settings.onChange(({ keys }) => {
      happenings.add('settings', 'info', `Settings changed: ${keys.join(', ')}.`);
      gpu.settingsChanged();
      settingsChanged();
      if (keys.some((key) => key.startsWith('api.'))) void apiPort.adjust();
      jobs.rules.look();
      statusChanged.notify();
    });

    // Listening first: an engine that cannot listen must not take over, and then end, a ComfyUI that works.
    ({ url } = await gateway.listen().catch(async (error) => {
      throw await nameHolder(error, processes.table);
    }));
    closings.push(() => gateway.close());
    await supervisor.recover();
    courtesy.begin();
    jobs.queue.start();
    await apiPort.adjust();
    lock.updateLock({ url });
    log.info({ url, version: VERSION, demo: options.demo }, 'listening');
    if (settings.current().supervision.startWithEngine) {
      guarded.ensureRunning('launch').catch((error: unknown) => log.warn({ err: error }, 'start with Stoker failed'));
    }
    return { url, problems, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** More than are kept: all of them. */
const MANY_LINES = Number.MAX_SAFE_INTEGER;

function describeInstallation(
  { installation }: Settings,
  demo: boolean,
): { readonly configured: boolean; readonly label: string | null } {
  if (demo) return { configured: true, label: 'Built-in simulator' };
  const label = installation.commandLine ?? installation.folder;
  return { configured: label !== null, label };
}
