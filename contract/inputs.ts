/** Files that are sent along with a workflow: they come before it, and it names them. */
import { z } from 'zod';

/** `POST /v1/inputs?name=photo.png`, the content as `application/octet-stream`. */
export const InputQuerySchema = z.object({
  name: z.string().min(1).max(255).describe('As it is called where it comes from; its ending is kept.'),
});
export const InputSchema = z.object({
  name: z.string().describe('What a workflow calls it, for example as `image` of LoadImage.'),
  bytes: z.number().int(),
});
export type Input = z.infer<typeof InputSchema>;

/** Of one file. */
export const MOST_INPUT_BYTES = 1024 * 1024 * 1024;
