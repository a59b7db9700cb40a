/** The places where jobs run, as the pages and the scheduler's answers name them: the supervised ComfyUI, other servers, RunPod endpoints. */
import { z } from 'zod';

/** The ComfyUI that Stoker supervises. */
export const LOCAL_TARGET = 'local';

export const TARGET_KINDS = ['local', 'comfyui', 'runpod'] as const;
export const TargetKindSchema = z.enum(TARGET_KINDS);
export type TargetKind = z.infer<typeof TargetKindSchema>;

export const TargetStatusSchema = z.object({
  name: z.string().describe('`local`, or the name the user gave it.'),
  kind: TargetKindSchema,
  free: z.number().int().describe('How many more jobs it takes now.'),
  load: z.number().int().describe('Jobs before a new one would begin.'),
  refusal: z.string().nullable().describe('Why it takes none, in words; null while it takes some.'),
  automatic: z.boolean().describe('"auto" may choose it: it costs nothing.'),
  retryAt: z
    .number()
    .nullable()
    .describe(
      'It gave no answer several times in a row, and is tried again then (epoch milliseconds); null while all is well.',
    ),
});
export type TargetStatus = z.infer<typeof TargetStatusSchema>;
/** `GET /v1/targets`. */
export const TargetsSchema = z.object({ targets: z.array(TargetStatusSchema) });

/** Another ComfyUI by address, with or without a Stoker before it. */
export const ServerBodySchema = z
  .object({
    url: z.url({ protocol: /^https?$/ }),
    maxJobs: z.number().int().min(1).max(100).default(2).describe('At most so many at once.'),
    automatic: z.boolean().default(true).describe('"auto" may choose it.'),
  })
  .strict();
export type ServerBody = z.infer<typeof ServerBodySchema>;
export const ServerSchema = ServerBodySchema.extend({
  name: z.string(),
  hasKey: z.boolean(),
  paused: z.boolean().describe('Nothing is sent to it until it is used again.'),
});
export type Server = z.infer<typeof ServerSchema>;
/** `POST /v1/servers/{name}/test`. It is asked only what wakes nobody. */
export const ServerTestSchema = z.object({
  ok: z.boolean(),
  message: z.string().describe('What it said, in words.'),
  code: z.string().nullable().describe('One of contract/errors.ts when it is not ok.'),
  comfyuiVersion: z.string().nullable().describe('Null when it did not tell: behind a Stoker it may be asleep.'),
  queue: z
    .object({ waiting: z.number().int(), running: z.number().int() })
    .nullable()
    .describe('Of everybody who sends work there.'),
});
export type ServerTest = z.infer<typeof ServerTestSchema>;

/** `POST` to `…/pause` of a server or an endpoint. */
export const PauseTargetBodySchema = z.object({ paused: z.boolean() }).strict();

export const ServersSchema = z.object({ servers: z.array(ServerSchema) });
