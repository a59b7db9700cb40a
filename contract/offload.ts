/** Moving jobs that wait for the local ComfyUI to another target, and back. Each moves by itself: never run twice, never dropped. */
import { z } from 'zod';

/** `POST /v1/jobs/offload`. */
export const OffloadBodySchema = z
  .object({
    target: z.string().min(1).max(100),
    jobs: z.array(z.string().max(100)).max(10_000).optional().describe('Which; without it all that have not started.'),
  })
  .strict();
export type OffloadBody = z.infer<typeof OffloadBodySchema>;

/** `POST /v1/jobs/bring-back`: what was moved and has not started there is local again. */
export const BringBackBodySchema = OffloadBodySchema.pick({ jobs: true });
export type BringBackBody = z.infer<typeof BringBackBodySchema>;

export const OffloadAnswerSchema = z.object({
  moved: z.array(z.object({ id: z.string() })),
  stayed: z.array(z.object({ id: z.string(), reason: z.string().describe('In words.') })),
});
export type OffloadAnswer = z.infer<typeof OffloadAnswerSchema>;

/** When Stoker moves waiting local jobs by itself. `ask`: it tells that it could. */
export const OFFLOAD_RULES = ['never', 'ask', 'queueLonger', 'vramTooSmall', 'always'] as const;
export const OffloadRuleSchema = z.enum(OFFLOAD_RULES);
export type OffloadRule = z.infer<typeof OffloadRuleSchema>;
