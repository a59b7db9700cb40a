/** What `GET /manager/events` (SSE) sends. The SSE `event:` field is the key, `data:` the JSON value. */
import { z } from 'zod';
import { GpuSnapshotSchema } from './gpu.ts';
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
  kind: z.enum(['state', 'idle', 'queue', 'gateway', 'settings', 'engine']),
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
});
export type Happening = z.infer<typeof HappeningSchema>;

export const EVENT_SCHEMAS = {
  /** Sent at once on connecting and on every change. */
  status: StatusSchema,
  gpu: GpuSnapshotSchema,
  log: z.array(LogLineSchema).describe('Lines since the last `log` event.'),
  happening: HappeningSchema,
} as const;
export type EventName = keyof typeof EVENT_SCHEMAS;
export type EventPayload = { [Name in EventName]: z.infer<(typeof EVENT_SCHEMAS)[Name]> };
export const EVENT_NAMES = Object.keys(EVENT_SCHEMAS) as EventName[];
