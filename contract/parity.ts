/** What an endpoint is known to have: what the user says, and what its runs have taught. */
import { z } from 'zod';

const names = z.array(z.string().trim().min(1).max(300)).max(20_000);

/** `PUT /v1/endpoints/{name}/has`. A list is whole: what is not in it is not there. */
export const EndpointListsSchema = z
  .object({
    nodeTypes: names.nullable().describe("Node types of custom nodes; ComfyUI's own need no naming. Null: not known."),
    models: names.nullable().describe('As workflows name them, with folders. Null: not known.'),
  })
  .strict();
export type EndpointLists = z.infer<typeof EndpointListsSchema>;

const learnt = z.object({ present: z.array(z.string()), absent: z.array(z.string()) });

/** `GET /v1/endpoints/{name}/has`. */
export const EndpointHasSchema = z.object({
  lists: EndpointListsSchema,
  learnt: z.object({ nodeTypes: learnt, models: learnt }).describe('By runs: what they proved and what they missed.'),
});
export type EndpointHas = z.infer<typeof EndpointHasSchema>;
