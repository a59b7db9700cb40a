/** A dry run: what a workflow needs, what the target lacks, and what it would cost. Nothing is sent. */
import { z } from 'zod';
import { JobErrorSchema } from './jobs.ts';

export const JobEstimateSchema = z.object({
  seconds: z.number().describe('Of execution; a cold start comes on top.'),
  microDollars: z.number().int().nullable().describe('Millionths of a US dollar; null where nothing costs.'),
  runs: z.number().int().describe('Earlier runs of the same workflow, or of like ones, that it was learnt from.'),
});
export type JobEstimate = z.infer<typeof JobEstimateSchema>;

/** `POST /v1/jobs/check`, with the body of a submission. */
export const JobCheckSchema = z.object({
  target: z.string(),
  ok: z.boolean().describe('False when it would certainly be refused or fail.'),
  problems: z.array(JobErrorSchema).describe('Why it is not ok.'),
  warnings: z.array(z.string()).describe('What may go wrong, in words.'),
  files: z.array(z.object({ name: z.string(), bytes: z.number().int() })).describe('Inputs that are sent along.'),
  requestBytes: z.number().int().nullable().describe('Of the request as it would be sent; null when nothing is sent.'),
  limitBytes: z.number().int().nullable(),
  nodeTypes: z.array(z.string()),
  models: z.array(z.string()),
  missingNodeTypes: z.array(z.string()).describe('The target is known not to have them.'),
  missingModels: z.array(z.string()),
  estimate: JobEstimateSchema.nullable().describe('Null before anything like it has run.'),
  /** What it costs at most: the execution limit at the price of the endpoint. */
  worstMicroDollars: z.number().int().nullable(),
});
export type JobCheck = z.infer<typeof JobCheckSchema>;
