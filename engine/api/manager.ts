/** The manager routes: each checks its input by a contract schema, asks one room, and answers by a contract schema. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type DoctorReport, DoctorReportSchema, type Installation, InstallationSchema } from '../../contract/doctor.ts';
import type { LogLine } from '../../contract/events.ts';
import { type GpuHistory, type GpuHistoryRange, GpuHistoryRangeSchema, GpuHistorySchema } from '../../contract/gpu.ts';
import {
  HappeningsSchema,
  KeepAwakeBodySchema,
  LogsQuerySchema,
  LogsSchema,
  MANAGER_ROUTES,
  StartBodySchema,
  StopBodySchema,
} from '../../contract/manager-api.ts';
import {
  type SettingsAnswer,
  SettingsAnswerSchema,
  type SettingsPatch,
  SettingsPatchSchema,
} from '../../contract/settings.ts';
import { type QueueStatus, type Status, StatusSchema } from '../../contract/status.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { ComfyLog, StartOptions, Supervisor } from '../supervisor/supervisor.ts';
import type { Happenings } from './happenings.ts';
import { optionalBody } from './optional-body.ts';
import { refuseToLoseWork } from './work-guard.ts';

/** What the routes ask of the other rooms, and nothing more. */
export interface ManagerRooms {
  readonly clock: Clock;
  readonly supervisor: Pick<Supervisor, 'state' | 'ensureRunning' | 'stop' | 'restart'> & { readonly log: ComfyLog };
  readonly queue: { refresh(): Promise<QueueStatus> };
  readonly idle: {
    /** @param untilMs epoch milliseconds, or null to let it sleep again */
    keepAwake(untilMs: number | null): void;
    stopWhenDone(wanted: boolean): void;
  };
  /** Frees VRAM of the running ComfyUI (`POST /free`). */
  readonly freeVram: () => Promise<void>;
  readonly status: () => Status;
  readonly settings: { answer(): SettingsAnswer; patch(patch: SettingsPatch): SettingsAnswer };
  readonly doctor: { run(): Promise<DoctorReport> };
  readonly installations: () => Promise<Installation[]>;
  readonly gpuHistory: (range: GpuHistoryRange) => GpuHistory;
  readonly happenings: Happenings;
}

export function registerManagerRoutes(app: FastifyInstance, rooms: ManagerRooms): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    MANAGER_ROUTES.status,
    { schema: { tags: ['state'], summary: 'State, idle countdown, queue and GPUs', response: { 200: StatusSchema } } },
    async () => rooms.status(),
  );

  routes.post(
    MANAGER_ROUTES.start,
    {
      schema: {
        tags: ['state'],
        summary: 'Start ComfyUI; answers when it runs or has failed',
        body: optionalBody(StartBodySchema),
        response: { 200: StatusSchema },
      },
    },
    async (request) => {
      await rooms.supervisor.ensureRunning('user', startOptions(request.body));
      return rooms.status();
    },
  );

  routes.post(
    MANAGER_ROUTES.stop,
    {
      schema: {
        tags: ['state'],
        summary: 'Stop ComfyUI; 409 while it has work unless forced',
        body: optionalBody(StopBodySchema),
        response: { 200: StatusSchema },
      },
    },
    async (request) => {
      const { force, whenDone } = request.body;
      if (whenDone !== undefined) {
        rooms.idle.stopWhenDone(whenDone);
        return rooms.status();
      }
      await refuseToLoseWork(rooms, { force });
      await rooms.supervisor.stop('user');
      return rooms.status();
    },
  );

  routes.post(
    MANAGER_ROUTES.restart,
    {
      schema: {
        tags: ['state'],
        summary: 'Stop and start ComfyUI; 409 while it has work unless forced',
        body: optionalBody(z.object({ ...StartBodySchema.shape, force: StopBodySchema.shape.force })),
        response: { 200: StatusSchema },
      },
    },
    async (request) => {
      await refuseToLoseWork(rooms, { force: request.body.force });
      await rooms.supervisor.restart(startOptions(request.body));
      return rooms.status();
    },
  );

  routes.post(
    MANAGER_ROUTES.free,
    {
      schema: {
        tags: ['state'],
        summary: 'Unload models and free VRAM; ComfyUI goes on running',
        response: { 200: StatusSchema },
      },
    },
    async () => {
      if (rooms.supervisor.state().kind !== 'running') {
        throw new AppError('not_running', 'ComfyUI is not running, so it holds no VRAM.');
      }
      await rooms.freeVram();
      return rooms.status();
    },
  );

  routes.post(
    MANAGER_ROUTES.keepAwake,
    {
      schema: {
        tags: ['idle'],
        summary: 'Keep ComfyUI from sleeping for a while',
        body: KeepAwakeBodySchema,
        response: { 200: StatusSchema },
      },
    },
    async (request) => {
      const { body } = request;
      if ('off' in body) rooms.idle.keepAwake(null);
      else rooms.idle.keepAwake('seconds' in body ? rooms.clock.now() + body.seconds * 1000 : Date.parse(body.until));
      return rooms.status();
    },
  );

  routes.get(
    MANAGER_ROUTES.logs,
    {
      schema: {
        tags: ['logs'],
        summary: 'What ComfyUI printed',
        querystring: LogsQuerySchema,
        response: { 200: LogsSchema },
      },
    },
    async (request) => {
      const { lines, after, search } = request.query;
      const { log } = rooms.supervisor;
      const kept =
        after === undefined ? log.tail(search === undefined ? lines : Number.MAX_SAFE_INTEGER) : log.after(after);
      return { lines: matching(kept, search).slice(-lines), file: log.file };
    },
  );

  routes.get(
    MANAGER_ROUTES.happenings,
    { schema: { tags: ['logs'], summary: 'What happened lately', response: { 200: HappeningsSchema } } },
    async () => ({ happenings: rooms.happenings.list() }),
  );

  routes.get(
    MANAGER_ROUTES.settings,
    {
      schema: {
        tags: ['settings'],
        summary: 'Settings, defaults and where each comes from',
        response: { 200: SettingsAnswerSchema },
      },
    },
    async () => rooms.settings.answer(),
  );

  routes.patch(
    MANAGER_ROUTES.settings,
    {
      schema: {
        tags: ['settings'],
        summary: 'Change some settings',
        body: SettingsPatchSchema,
        response: { 200: SettingsAnswerSchema },
      },
    },
    async (request) => rooms.settings.patch(request.body),
  );

  routes.get(
    MANAGER_ROUTES.doctor,
    {
      schema: {
        tags: ['doctor'],
        summary: 'Check folder, Python, GPU driver, ports, disk',
        response: { 200: DoctorReportSchema },
      },
    },
    async () => rooms.doctor.run(),
  );

  routes.get(
    MANAGER_ROUTES.installations,
    {
      schema: {
        tags: ['settings'],
        summary: 'ComfyUI installations found on this machine',
        response: { 200: z.object({ installations: z.array(InstallationSchema) }) },
      },
    },
    async () => ({ installations: await rooms.installations() }),
  );

  routes.get(
    MANAGER_ROUTES.gpuHistory,
    {
      schema: {
        tags: ['gpu'],
        summary: 'VRAM, utilisation and power over the last hour or day',
        querystring: z.object({ range: GpuHistoryRangeSchema.default('hour') }),
        response: { 200: GpuHistorySchema },
      },
    },
    async (request) => rooms.gpuHistory(request.query.range),
  );
}

function startOptions(body: { readonly withoutCustomNodes: boolean }): StartOptions {
  return body.withoutCustomNodes ? { withoutCustomNodes: true } : {};
}

function matching(lines: LogLine[], search: string | undefined): LogLine[] {
  if (search === undefined || search === '') return lines;
  const wanted = search.toLowerCase();
  return lines.filter((line) => line.text.toLowerCase().includes(wanted));
}
