/** Bodies, queries and paths of the manager API that are not a schema of their own elsewhere. */
import { z } from 'zod';
import { HappeningSchema, LogLineSchema } from './events.ts';

export const MANAGER_PREFIX = '/manager';

export const MANAGER_ROUTES = {
  status: '/manager/status',
  start: '/manager/start',
  stop: '/manager/stop',
  restart: '/manager/restart',
  free: '/manager/free',
  keepAwake: '/manager/keep-awake',
  logs: '/manager/logs',
  happenings: '/manager/happenings',
  settings: '/manager/settings',
  doctor: '/manager/doctor',
  installations: '/manager/installations',
  gpuHistory: '/manager/gpu-history',
  events: '/manager/events',
  openapi: '/manager/openapi.json',
  login: '/manager/login',
  /** Ends the engine and ComfyUI with it; 409 while there is work, unless forced. */
  quit: '/manager/quit',
  /** After the computer slept: looks whether ComfyUI and its GPU still live, and restarts ComfyUI when the device is lost. */
  check: '/manager/check',
  /** Pause and free the card; the queue is kept. */
  pause: '/manager/pause',
  resume: '/manager/resume',
  leases: '/manager/leases',
  secrets: '/manager/secrets',
  /** The settings as a file, without secrets; `POST` the same to take them over. */
  settingsExport: '/manager/settings/export',
  settingsImport: '/manager/settings/import',
  /** `/manager/prompts/{promptId}/preview`: a small picture of what the prompt made. Neither wakes nor counts as activity. */
  prompts: '/manager/prompts',
  jobs: '/manager/v1/jobs',
  /** Files that are sent along with a workflow. */
  inputs: '/manager/v1/inputs',
  /** A dry run of a submission. */
  jobCheck: '/manager/v1/jobs/check',
  offload: '/manager/v1/jobs/offload',
  bringBack: '/manager/v1/jobs/bring-back',
  targets: '/manager/v1/targets',
  servers: '/manager/v1/servers',
  /** Of the API port. */
  tokens: '/manager/v1/tokens',
  endpoints: '/manager/v1/endpoints',
  gallery: '/manager/v1/gallery',
  savings: '/manager/v1/savings',
  cancelRemote: '/manager/v1/remote/cancel',
} as const;

export const StartBodySchema = z.object({
  withoutCustomNodes: z.boolean().default(false).describe('Start this once with --disable-all-custom-nodes.'),
});

export const StopBodySchema = z.object({
  force: z
    .boolean()
    .default(false)
    .describe('Stop although prompts run or wait; they are kept, and what runs begins anew later.'),
  whenDone: z.boolean().optional().describe('true: stop as soon as the queue is empty; false: take that back.'),
});

/** Exactly one of the three. */
export const KeepAwakeBodySchema = z.union([
  z
    .object({
      seconds: z
        .number()
        .int()
        .min(1)
        .max(7 * 86_400),
    })
    .strict(),
  z.object({ until: z.iso.datetime({ offset: true }) }).strict(),
  z.object({ off: z.literal(true) }).strict(),
]);
export type KeepAwakeBody = z.infer<typeof KeepAwakeBodySchema>;

/** The engine ends after the answer, and ComfyUI with it. */
export const QuitBodySchema = z.object({
  force: z
    .boolean()
    .default(false)
    .describe('Quit although prompts run or wait; they are kept, and what runs begins anew later.'),
});
export const QuitAnswerSchema = z.object({ ending: z.literal(true) });

export const CheckAnswerSchema = z.object({
  comfyui: z
    .enum(['asleep', 'healthy', 'unhealthy', 'restarted'])
    .describe('`unhealthy`: left as it is because of running work. `restarted`: its restart has begun.'),
  gpu: z.enum(['present', 'lost', 'unknown']),
  message: z.string().describe('What was found and done, in words.'),
});
export type CheckAnswer = z.infer<typeof CheckAnswerSchema>;

export const LogsQuerySchema = z.object({
  lines: z.coerce.number().int().min(1).max(10_000).default(500),
  after: z.coerce.number().int().optional().describe('Only lines with a greater sequence.'),
  search: z.string().max(200).optional().describe('Only lines that contain this, ignoring case.'),
});

export const LogsSchema = z.object({
  lines: z.array(LogLineSchema),
  file: z.string().nullable().describe('Where the whole log is kept on disk.'),
});
export type Logs = z.infer<typeof LogsSchema>;

export const HappeningsSchema = z.object({ happenings: z.array(HappeningSchema) });

/** What a field of the settings is, for a dialog: where its value comes from and what it needs to take effect. */
/** `secret`: from the secret store; `GET /manager/secrets` says where that keeps it. Like `file` it can be changed. */
export const SettingOriginSchema = z.enum(['default', 'file', 'secret', 'environment', 'commandLine', 'demo']);
export type SettingOrigin = z.infer<typeof SettingOriginSchema>;
