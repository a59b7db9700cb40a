/** GPU courtesy: when Stoker gives the card to others (pause, lease, a listed program, foreign VRAM), and what it holds meanwhile. */
import { z } from 'zod';

const iso = z.string().describe('ISO 8601 time');

/** `POST /manager/leases`: a script asks for the card. Running work is finished first; waiting prompts are kept. */
export const LeaseBodySchema = z
  .object({
    owner: z.string().trim().min(1).max(100).describe('Who asks, for a person: "ollama".'),
    reason: z.string().trim().max(200).default(''),
    seconds: z.number().int().min(1).max(86_400).describe('The card comes back by itself after this; renew before.'),
  })
  .strict();

export const LeaseSchema = z.object({
  id: z.string(),
  owner: z.string(),
  reason: z.string(),
  since: iso,
  until: iso,
  granted: z.boolean().describe('False while a running prompt is finished: the card is not free yet.'),
});
export type Lease = z.infer<typeof LeaseSchema>;
export const LeasesSchema = z.object({ leases: z.array(LeaseSchema) });
/** `POST /manager/leases/{id}/renew`. */
export const RenewBodySchema = z.object({ seconds: LeaseBodySchema.shape.seconds }).strict();

/** Why the card is given away; the first that holds is told. `paused`: the user pressed *Pause and free the card*. */
export const YIELD_CAUSES = ['paused', 'lease', 'program', 'foreignVram'] as const;
export const YieldCauseSchema = z.enum(YIELD_CAUSES);
export type YieldCause = z.infer<typeof YieldCauseSchema>;

export const CourtesyStatusSchema = z.object({
  /** `draining`: the running prompt is finished first, the others are set aside. `yielded`: the card is free. */
  state: z.enum(['none', 'draining', 'yielded']),
  cause: YieldCauseSchema.nullable(),
  reason: z.string().nullable().describe('A sentence: who has the card and why.'),
  since: iso.nullable(),
  until: iso.nullable().describe('When the card comes back by itself, where that is known.'),
  parkedPrompts: z.number().int().describe('Prompts kept on disk, queued again in order when the card is back.'),
  leases: z.array(LeaseSchema),
});
export type CourtesyStatus = z.infer<typeof CourtesyStatusSchema>;

/** Nobody else has the card. */
export const NO_COURTESY: CourtesyStatus = {
  state: 'none',
  cause: null,
  reason: null,
  since: null,
  until: null,
  parkedPrompts: 0,
  leases: [],
};
