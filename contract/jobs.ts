/**
 * Jobs: work that survives a kill of anything. A job is a workflow in ComfyUI's API format with where it may run; its life is one
 * union (docs/state-machines.md). Times are epoch milliseconds.
 */
import { z } from 'zod';

export const JOB_STATES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export const JobStateNameSchema = z.enum(JOB_STATES);
export type JobStateName = z.infer<typeof JobStateNameSchema>;

/** `waiting`: in the target's own queue, not started there. `fetching`: results are being brought home. */
export const RUN_PHASES = ['submitting', 'waiting', 'executing', 'fetching', 'cancelling'] as const;
export const RunPhaseSchema = z.enum(RUN_PHASES);
export type RunPhase = z.infer<typeof RunPhaseSchema>;

export const JobErrorSchema = z.object({
  code: z.string().describe('Stable, one of contract/errors.ts.'),
  message: z.string().describe('What happened and why, in words.'),
  next: z.string().describe('What to do about it.'),
});
export type JobError = z.infer<typeof JobErrorSchema>;

export const JobStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queued'), runAt: z.number(), attempt: z.number().int() }),
  z.object({
    kind: z.literal('running'),
    target: z.string(),
    remoteId: z.string().nullable().describe("The target's own id of it; null until the target has accepted it."),
    phase: RunPhaseSchema,
    since: z.number(),
    attempt: z.number().int(),
  }),
  z.object({ kind: z.literal('completed'), target: z.string(), endedAt: z.number() }),
  z.object({ kind: z.literal('failed'), error: JobErrorSchema, endedAt: z.number(), attempt: z.number().int() }),
  z.object({ kind: z.literal('cancelled'), endedAt: z.number() }),
]);
export type JobState = z.infer<typeof JobStateSchema>;

/** ComfyUI's API format: nodes by id. */
export const WorkflowSchema = z
  .record(z.string(), z.looseObject({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) }))
  .refine((workflow) => Object.keys(workflow).length > 0, 'The workflow has no nodes.');
export type Workflow = z.infer<typeof WorkflowSchema>;

/** `page`: queued in ComfyUI's own page or by another client of the gateway, and journaled on its way. */
export const JobSourceSchema = z.enum(['api', 'page']);
export type JobSource = z.infer<typeof JobSourceSchema>;

export const SubmitJobBodySchema = z
  .object({
    workflow: WorkflowSchema,
    target: z.string().min(1).max(100).default('auto').describe('"auto", "local", or the name of a target.'),
    priority: z.number().int().min(-100).max(100).default(0).describe('Higher runs first.'),
    title: z.string().trim().min(1).max(200).optional(),
    tags: z.array(z.string().trim().min(1).max(50)).max(20).default([]),
    user_id: z.string().min(1).max(100).optional(),
    max_attempts: z.number().int().min(1).max(10).default(2).describe('How often it may be started.'),
    extra_data: z.record(z.string(), z.unknown()).optional().describe('Passed to ComfyUI beside the workflow.'),
  })
  .strict();
export type SubmitJobBody = z.infer<typeof SubmitJobBodySchema>;

/** A file in ComfyUI's own folders, named as its `/view` names it. */
export const ComfyFileSchema = z.object({
  type: z.enum(['output', 'temp', 'input']),
  subfolder: z.string().describe('With `/` between folders; empty at the top.'),
  filename: z.string(),
});
export type ComfyFile = z.infer<typeof ComfyFileSchema>;

export const JobOutputSchema = z.object({
  n: z.number().int().describe('`GET /v1/jobs/{id}/outputs/{n}`.'),
  nodeId: z.string(),
  filename: z.string(),
  type: z.string().describe('Media type.'),
  bytes: z.number().int(),
  sha256: z.string().nullable().describe("Of Stoker's own copy; null when it only lies in ComfyUI's folder."),
  home: ComfyFileSchema.nullable().describe("Where it lies in ComfyUI's folders; null when it does not."),
});
export type JobOutput = z.infer<typeof JobOutputSchema>;

export const JobProgressSchema = z.object({
  nodesDone: z.number().int(),
  nodesTotal: z.number().int(),
  nodeType: z.string().nullable(),
  value: z.number().nullable(),
  max: z.number().nullable(),
});
export type JobProgress = z.infer<typeof JobProgressSchema>;

/** A row of the list. */
export const JobSummarySchema = z.object({
  id: z.string(),
  source: JobSourceSchema,
  state: JobStateSchema,
  wantedTarget: z.string(),
  priority: z.number().int(),
  title: z.string().nullable(),
  nodeCount: z.number().int(),
  tags: z.array(z.string()),
  userId: z.string().nullable(),
  createdAt: z.number(),
  ranOn: z.string().nullable().describe('The target that it runs on, or last ran on.'),
  startedAt: z.number().nullable().describe('Of the last attempt.'),
  outputs: z.number().int(),
  /** In millionths of a US dollar, as booked; null where nothing costs. */
  costMicroDollars: z.number().int().nullable(),
  note: z.string().nullable().describe('Why it waits or could not be moved, in words.'),
});
export type JobSummary = z.infer<typeof JobSummarySchema>;

export const JobTimelineEntrySchema = z.object({ at: z.number(), message: z.string() });

export const JobSchema = JobSummarySchema.extend({
  workflow: WorkflowSchema,
  progress: JobProgressSchema.nullable(),
  files: z.array(JobOutputSchema),
  timeline: z.array(JobTimelineEntrySchema),
});
export type Job = z.infer<typeof JobSchema>;

export const ListJobsQuerySchema = z.object({
  state: z
    .string()
    .optional()
    .describe('One or more states, separated by commas.')
    .transform((text) => text?.split(',').filter(Boolean))
    .pipe(z.array(JobStateNameSchema).optional()),
  target: z.string().max(100).optional().describe('Where it runs or ran; of a waiting job, where it wants to run.'),
  tag: z.string().max(50).optional(),
  user_id: z.string().max(100).optional(),
  search: z.string().trim().max(200).optional().describe('In title, id and tags.'),
  order: z
    .enum(['newest', 'place'])
    .default('newest')
    .describe('`place`: what waits, in the order in which it will run; other states are left out.'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(100).optional().describe('`nextCursor` of the page before.'),
});
export type ListJobsQuery = z.infer<typeof ListJobsQuerySchema>;

export const JobCountsSchema = z.record(JobStateNameSchema, z.number().int());
export type JobCounts = z.infer<typeof JobCountsSchema>;

export const JobListSchema = z.object({
  jobs: z.array(JobSummarySchema),
  nextCursor: z.string().nullable(),
  counts: JobCountsSchema.describe('Of all jobs, whatever the filter.'),
});
export type JobList = z.infer<typeof JobListSchema>;

/** `POST /v1/jobs/{id}/move`. */
export const MoveJobBodySchema = z
  .object({ before: z.string().max(100).nullable().describe('A waiting job; null for the end.') })
  .strict();
