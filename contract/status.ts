/** `GET /manager/status`: everything a tray, a page or a script needs to know, in one answer. */
import { z } from 'zod';
import { CourtesyStatusSchema } from './courtesy.ts';
import { GpuReadingSchema } from './gpu.ts';
import { BootPhaseSchema, FailureSchema } from './supervisor-state.ts';

const iso = z.string().describe('ISO 8601 time');

/** What keeps ComfyUI from being put to sleep. */
export const BLOCKERS = [
  'running',
  'pending',
  'held',
  'upload',
  'download',
  'request',
  'keepAwake',
  'queueUnknown',
] as const;
export const BlockerSchema = z.enum(BLOCKERS);
export type Blocker = z.infer<typeof BlockerSchema>;

export const IdleStatusSchema = z.object({
  idleSeconds: z.number().describe('Seconds since the last thing that counts as activity; 0 while blocked.'),
  timeoutSeconds: z.number().describe('0 when idle stop is off.'),
  freesAt: iso.nullable().describe('When VRAM will be freed if nothing happens.'),
  stopsAt: iso.nullable().describe('When ComfyUI will be stopped if nothing happens.'),
  freed: z.boolean().describe('VRAM was freed since the last activity.'),
  blockedBy: z.array(BlockerSchema),
  keepAwakeUntil: iso.nullable(),
  stopWhenDone: z.boolean(),
});
export type IdleStatus = z.infer<typeof IdleStatusSchema>;

export const QueuedPromptSchema = z.object({
  promptId: z.string(),
  number: z.number(),
  nodeCount: z.number().int(),
  title: z.string().nullable().describe('What the prompt saves or shows, for a person.'),
});
export type QueuedPrompt = z.infer<typeof QueuedPromptSchema>;

export const QueueStatusSchema = z.object({
  running: z.number().int(),
  pending: z.number().int(),
  known: z.boolean().describe('False while ComfyUI does not answer: the numbers are then the last known ones.'),
  current: z
    .object({
      promptId: z.string(),
      node: z.string().nullable().describe('Node id being executed.'),
      nodeType: z.string().nullable(),
      value: z.number().nullable().describe('Progress inside the node.'),
      max: z.number().nullable(),
      nodesDone: z.number().int(),
      nodesTotal: z.number().int(),
    })
    .nullable(),
  items: z.array(QueuedPromptSchema).describe('Running first, then pending in order; at most 100.'),
});
export type QueueStatus = z.infer<typeof QueueStatusSchema>;

/** The durable jobs, in numbers. */
export const JobsStatusSchema = z.object({
  waiting: z.number().int(),
  running: z.number().int(),
  remote: z.number().int().describe('Of the running ones those on an endpoint: they cost, whether Stoker runs or not.'),
  spentTodayMicroDollars: z.number().int().describe('On all endpoints, with what is held for jobs in flight.'),
});
export type JobsStatus = z.infer<typeof JobsStatusSchema>;
export const NO_JOBS: JobsStatus = { waiting: 0, running: 0, remote: 0, spentTodayMicroDollars: 0 };

/** ComfyUI's page as it is kept, to be opened while ComfyUI sleeps. */
export const PageStatusSchema = z.object({
  store: z.enum(['empty', 'ready', 'refreshing']).describe('Whether the page opens without ComfyUI.'),
  changed: z
    .enum(['none', 'nodes', 'frontend'])
    .describe('What ComfyUI, when it woke, had other than the page that was opened before: worth a reload.'),
  changedAt: iso.nullable(),
  writesKept: z.number().int().describe('Changes of settings and user data that wait on disk for ComfyUI to wake.'),
});
export type PageStatus = z.infer<typeof PageStatusSchema>;
export const NO_PAGE: PageStatus = { store: 'empty', changed: 'none', changedAt: null, writesKept: 0 };

export const StatusSchema = z.object({
  state: z.enum(['stopped', 'starting', 'running', 'stopping', 'backingOff', 'failed']),
  reason: z.string().describe('Why it is in this state, as a sentence.'),
  reasonCode: z.string(),
  pid: z.number().int().nullable(),
  port: z.number().int().nullable().describe("ComfyUI's private port."),
  since: iso,
  boot: z
    .object({
      phase: BootPhaseSchema,
      detail: z.string().nullable(),
      elapsedSeconds: z.number(),
      expectedSeconds: z.number().nullable().describe('Learnt from earlier starts; null before the first.'),
      attempt: z.number().int(),
    })
    .nullable(),
  retryAt: iso.nullable().describe('Next try while backing off.'),
  error: FailureSchema.nullable(),
  idle: IdleStatusSchema,
  queue: QueueStatusSchema,
  courtesy: CourtesyStatusSchema,
  jobs: JobsStatusSchema,
  page: PageStatusSchema,
  gpus: z.array(GpuReadingSchema),
  gpuNote: z.string().nullable(),
  gateway: z.object({ url: z.string(), heldRequests: z.number().int(), sockets: z.number().int() }),
  installation: z.object({
    configured: z.boolean(),
    label: z.string().nullable().describe('Folder or command, for a person.'),
    comfyuiVersion: z.string().nullable(),
  }),
  engine: z.object({ pid: z.number().int(), startedAt: iso, demo: z.boolean(), dataFolder: z.string() }),
  version: z.string(),
});
export type Status = z.infer<typeof StatusSchema>;
