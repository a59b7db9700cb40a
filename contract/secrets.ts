/** Secrets by name: what is kept, where, and never the value. A saved secret leaves the engine only towards who it is for. */
import { z } from 'zod';

/** `network.token`, or later `endpoint.<id>.key`. */
export const SecretNameSchema = z
  .string()
  .max(200)
  .regex(/^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9_-]+)+$/);
export type SecretName = z.infer<typeof SecretNameSchema>;

/** `file`: the engine's own file, mode 0600. `memory`: until the engine ends; the shell's key store hands it in again at each start. */
export const SecretPlaceSchema = z.enum(['file', 'memory', 'environment']);
export type SecretPlace = z.infer<typeof SecretPlaceSchema>;

export const SecretEntrySchema = z.object({ name: SecretNameSchema, place: SecretPlaceSchema });
export const SecretsAnswerSchema = z.object({ secrets: z.array(SecretEntrySchema) });

/** `PUT /manager/secrets/{name}`. */
export const PutSecretBodySchema = z
  .object({ value: z.string().min(1).max(4096), place: z.enum(['file', 'memory']).default('file') })
  .strict();

/** The first line of the standard input of an engine started with `--secrets-from-stdin`: what the shell's key store holds. */
export const SecretsFromShellSchema = z.object({ secrets: z.record(SecretNameSchema, z.string().min(1).max(4096)) });
