/** The API port: bearer tokens by name, and how it does. Without a token the port is closed. A token is shown once, when it is made. */
import { z } from 'zod';

export const TokenNameSchema = z
  .string()
  .max(60)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'Letters, digits, dots, dashes and underscores, a letter or digit first.');

export const TokenSchema = z.object({
  name: TokenNameSchema,
  createdAt: z.number().describe('Epoch milliseconds.'),
  lastUsedAt: z.number().nullable().describe('Epoch milliseconds, to a minute; null when it never came.'),
});
export type Token = z.infer<typeof TokenSchema>;

/** `GET /manager/v1/tokens`. */
export const TokensSchema = z.object({
  tokens: z.array(TokenSchema),
  url: z.string().nullable().describe('Where the API port listens; null while it does not.'),
  problem: z.string().nullable().describe('Why it does not listen although there is a token, in words.'),
});

/** `POST /manager/v1/tokens`. */
export const CreateTokenBodySchema = z.object({ name: TokenNameSchema }).strict();
export const CreatedTokenSchema = TokenSchema.extend({
  token: z.string().describe('`Authorization: Bearer …`. Never told again.'),
  url: TokensSchema.shape.url,
  problem: TokensSchema.shape.problem,
});

export type CreatedToken = z.infer<typeof CreatedTokenSchema>;

/** `GET /v1/health` on the API port. */
export const ApiHealthSchema = z.object({
  version: z.string(),
  comfyui: z.string().describe('The state of the supervised ComfyUI; `stopped` when it sleeps.'),
  jobs: z.object({ waiting: z.number().int(), running: z.number().int() }),
});
