/** Wires what programs and people steer Stoker with: the status, the manager API with its event streams, the port for programs, and the end of an engine that nobody uses. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Status } from '../../contract/status.ts';
import { createJobFeed } from '../api/job-feed.ts';
import { createPort } from '../api/port/open-port.ts';
import { createManagerApi } from '../api/server.ts';
import { assembleStatus } from '../api/status.ts';
import { createDeviceCheck } from '../comfyui/device-check.ts';
import { createDoctor } from '../doctor/doctor.ts';
import { createAttendance } from '../idle/attendance.ts';
import { createListeners } from '../platform/listeners.ts';
import { VERSION } from '../platform/version.ts';
import { findInstallations } from '../supervisor/installations/installations.ts';
import { diskFiles } from '../supervisor/installations/places.ts';
import { runCommand } from '../supervisor/processes/run-command.ts';
import type { Card } from './card.ts';
import type { Doorway } from './doorway.ts';
import type { Ground } from './ground.ts';
import type { Supervised } from './supervised.ts';
import type { Work } from './work.ts';

export type Control = Awaited<ReturnType<typeof wireControl>>;

/** More than are kept: all of them. */
const MANY_LINES = Number.MAX_SAFE_INTEGER;

/** @param url of the gateway; empty while it does not listen */
export async function wireControl(
  ground: Ground,
  supervised: Supervised,
  card: Card,
  work: Work,
  doorway: Doorway,
  url: () => string,
) {
  const { options, clock, closings, paths, processes, secrets, settings, happenings, tellProblem } = ground;
  const { dataFolder, environment, demo, programFolder, askToEnd } = options;
  const { platform } = process;
  const { supervisor, client, queue, idle } = supervised;
  const { courtesy, guarded, gpu, history, savings } = card;
  const { jobs, livePreviews, gallery, jobThumbnails, previews } = work;
  const { relay, pageStore, gateway } = doorway;
  const log = ground.log.child({ room: 'api' });
  const statusChanged = createListeners<void>((error) => log.error({ err: error }, 'a status listener failed'));
  const startedAt = new Date(clock.now()).toISOString();

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
        gateway: { url: url(), heldRequests: gateway.heldRequests(), sockets: relay.count() },
        installation: supervised.installation(),
        engine: { pid: process.pid, startedAt, demo, dataFolder },
        version: VERSION,
      },
      clock.now(),
    );
  const attendance = options.attended
    ? createAttendance({
        clock,
        facts: () => ({ status: status(), streams: api.streams() }),
        end() {
          ground.log.info('nobody has used this engine for a while; it ends');
          askToEnd();
        },
      })
    : null;
  if (attendance !== null) closings.push(attendance.close);

  const { tokens, port: apiPort } = await createPort({
    file: paths.tokensFile,
    rooms: { clock, jobs, status },
    settings: settings.current,
    version: VERSION,
    onRequest: () => attendance?.touch(),
    tell: tellProblem,
    clock,
    log,
  });
  closings.push(() => apiPort.close());

  const places = { platform, home: homedir(), environment, files: diskFiles };
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
        demo,
        platform,
        environment,
        dataFolder,
        table: processes.table,
        comfyPids: supervised.pids,
        logTail: () => supervisor.log.tail(MANY_LINES).map((line) => line.text),
        readGpu: gpu.readOnce,
        run: runCommand,
        clock,
      }),
      installations: () =>
        findInstallations({ ...places, table: processes.table, clock, configured: settings.current().installation }),
      gpuHistory: (range) => history.query(range, clock.now()),
      happenings,
      askToEnd,
      jobs,
      livePreviews,
      savings,
      tokens,
      apiPort,
      gallery,
      jobThumbnails,
      check: createDeviceCheck({ supervisor, client, queue, gpu, log: ground.log }),
      previews,
    },
    events: {
      clock,
      status,
      onStatusChange: statusChanged.add,
      gpu,
      log: supervisor.log,
      happenings,
      promptEnds: { onEnd: work.onEnd },
      jobNotices: { onNotice: jobs.onNotice },
      jobs: createJobFeed({ queue: jobs.queue, listing: jobs.listing, counts: jobs.store.counts, clock }),
    },
    rendererFolder: join(programFolder, 'renderer'),
    version: VERSION,
    log,
  });
  closings.push(() => api.close());

  return {
    api,
    apiPort,
    /** Somebody uses this engine. */
    touch: () => attendance?.touch(),
    /** The status is another now. */
    tellStatus: statusChanged.notify,
  };
}
