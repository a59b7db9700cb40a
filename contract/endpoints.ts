/** RunPod endpoints: what the user tells about one, what it may cost, and what it has cost. Money is millionths of a US dollar. */
import { z } from 'zod';

const microDollars = z.number().int().min(0).max(1_000_000_000_000);
const cap = microDollars.nullable().default(null).describe('Millionths of a US dollar; null for none.');

export const EndpointNameSchema = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9-]*$/, 'Small letters, digits and dashes, a letter first.')
  .refine((name) => name !== 'auto' && name !== 'local', 'This name is taken.');

export const EndpointBodySchema = z
  .object({
    endpointId: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .regex(/^[A-Za-z0-9_-]+$/),
    baseUrl: z.url({ protocol: /^https?$/ }).default('https://api.runpod.ai/v2'),
    microDollarsPerSecond: microDollars.describe('What a worker costs while it runs.'),
    maxJobs: z.number().int().min(1).max(1000).default(3).describe('At most so many at once.'),
    executionTimeoutSeconds: z.number().int().min(6).max(86_400).default(600).describe('RunPod ends a job after this.'),
    capPerJob: cap,
    capPerDay: cap,
    capPerMonth: cap,
  })
  .strict();
export type EndpointBody = z.infer<typeof EndpointBodySchema>;

export const SpendSchema = z.object({
  today: microDollars,
  month: microDollars,
  /** Of jobs in flight, at their worst; part of the sums of the day and month they were sent in. */
  reserved: microDollars,
});
export type Spend = z.infer<typeof SpendSchema>;

/** `paused` of an endpoint that a person paused. */
export const PAUSED_BY_USER = 'you paused it.';

export const EndpointSchema = EndpointBodySchema.extend({
  name: z.string(),
  hasKey: z.boolean(),
  paused: z.string().nullable().describe('Why nothing is sent to it now, in words; null while it is used.'),
  spend: SpendSchema,
});
export type Endpoint = z.infer<typeof EndpointSchema>;
export const EndpointsSchema = z.object({ endpoints: z.array(EndpointSchema) });

/** `POST /manager/v1/endpoints/{name}/test`. */
export const EndpointTestSchema = z.object({
  ok: z.boolean(),
  message: z.string().describe('What the endpoint said, in words.'),
  code: z.string().nullable().describe('One of contract/errors.ts when it is not ok.'),
  workers: z.record(z.string(), z.number()),
  queue: z.object({ inQueue: z.number(), inProgress: z.number() }).nullable(),
});
export type EndpointTest = z.infer<typeof EndpointTestSchema>;

/** `POST /manager/v1/endpoints/{name}/empty`: takes everything that waits off an endpoint's queue, whoever sent it. */
export const EmptiedEndpointSchema = z.object({
  cancelled: z.number().int().describe("Stoker's own jobs that waited there."),
  removed: z
    .number()
    .int()
    .describe('What RunPod took off its queue: what other programs had sent, and of the above what was still there.'),
});
export type EmptiedEndpoint = z.infer<typeof EmptiedEndpointSchema>;

/** `POST /manager/v1/remote/cancel`: cancels every job on every endpoint, waiting or running. */
export const CancelRemoteSchema = z.object({ cancelled: z.number().int() });
