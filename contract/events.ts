/** What `GET /manager/events` (SSE) sends. The SSE `event:` field is the key, `data:` the JSON value. */
import { z } from 'zod';
import { GpuSnapshotSchema } from './gpu.ts';
import { JobCountsSchema, JobProgressSchema, JobSummarySchema } from './jobs.ts';
import { StatusSchema } from './status.ts';

/** A line of ComfyUI's output. `sequence` grows by one per line for the life of the engine. */
export const LogLineSchema = z.object({
  sequence: z.number().int(),
  at: z.number().describe('Epoch milliseconds at which Stoker read it.'),
  text: z.string(),
  level: z.enum(['info', 'warning', 'error']).describe('Guessed from the text: ComfyUI prints no levels.'),
});
export type LogLine = z.infer<typeof LogLineSchema>;

/** Something that happened, for the event list: one sentence a person reads. */
export const HappeningSchema = z.object({
  id: z.number().int(),
  at: z.number().describe('Epoch milliseconds.'),
  kind: z.enum(['state', 'idle', 'queue', 'gateway', 'settings', 'engine', 'courtesy']),
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
});
export type Happening = z.infer<typeof HappeningSchema>;

/** A file that a prompt saved or showed, as ComfyUI names it (`/view` takes the same three). */
export const OutputFileSchema = z.object({
  filename: z.string(),
  subfolder: z.string(),
  type: z.enum(['output', 'temp', 'input']),
});

/** A prompt has ended. For the notifications of the shell and for the event list. */
export const PromptEndSchema = z.object({
  promptId: z.string(),
  at: z.number().describe('Epoch milliseconds.'),
  outcome: z.enum(['completed', 'failed', 'interrupted']),
  title: z.string().nullable().describe('As in the queue: what the prompt saves or shows.'),
  seconds: z.number().nullable().describe('Time it ran; null when its start was not seen.'),
  images: z.array(OutputFileSchema).describe('At most 100, saved ones first.'),
  message: z.string().nullable().describe('Of a failure: the node and what went wrong, in words.'),
});
export type PromptEnd = z.infer<typeof PromptEndSchema>;

/** A job as it is now. What runs is told on connecting; every change after, some times a second at most, whatever its speed. */
export const JobNowSchema = z.object({ job: JobSummarySchema, progress: JobProgressSchema.nullable() });
export type JobNow = z.infer<typeof JobNowSchema>;

/** Follows the `job` events of the same moment. */
export const JobListChangeSchema = z.object({
  counts: JobCountsSchema.describe('How many jobs there are now.'),
  gone: z.array(z.string()).describe('Ids of jobs that were deleted.'),
  more: z.boolean().describe('More has changed than was told one by one: ask for the list again.'),
});
export type JobListChange = z.infer<typeof JobListChangeSchema>;

export const EVENT_SCHEMAS = {
  /** Sent at once on connecting and on every change. */
  status: StatusSchema,
  gpu: GpuSnapshotSchema,
  log: z.array(LogLineSchema).describe('Lines since the last `log` event.'),
  happening: HappeningSchema,
  promptEnd: PromptEndSchema,
  job: JobNowSchema,
  jobList: JobListChangeSchema,
} as const;
export type EventName = keyof typeof EVENT_SCHEMAS;
export type EventPayload = { [Name in EventName]: z.infer<(typeof EVENT_SCHEMAS)[Name]> };
export const EVENT_NAMES = Object.keys(EVENT_SCHEMAS) as EventName[];
