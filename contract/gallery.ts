/** The gallery: what lies in ComfyUI's output folder, newest first. A picture is named by an id that the engine gave, never by a path. */
import { z } from 'zod';

export const MEDIA_KINDS = ['image', 'video', 'audio'] as const;
export const MediaKindSchema = z.enum(MEDIA_KINDS);
export type MediaKind = z.infer<typeof MediaKindSchema>;

/** Where it was made: on this computer, or on a server or endpoint whose results were brought home. */
export const MadeAtSchema = z.enum(['local', 'remote']);
export type MadeAt = z.infer<typeof MadeAtSchema>;

export const GalleryIdSchema = z
  .string()
  .max(100)
  .regex(/^[\w-]+$/);

export const GalleryItemSchema = z.object({
  id: z.string().describe('`GET /v1/gallery/{id}/file`; stays the same while the file keeps its place.'),
  name: z.string(),
  subfolder: z.string().describe('With `/` between folders; empty at the top.'),
  kind: MediaKindSchema,
  mediaType: z.string(),
  bytes: z.number().int(),
  modifiedAt: z.number().describe('Epoch milliseconds.'),
  width: z.number().int().nullable().describe('Null where it is not told in the first bytes of the file.'),
  height: z.number().int().nullable(),
  jobId: z.string().nullable().describe('The job that made it, while Stoker still knows it.'),
  madeAt: MadeAtSchema,
});
export type GalleryItem = z.infer<typeof GalleryItemSchema>;

export const GalleryQuerySchema = z.object({
  cursor: z.string().max(100).optional().describe('`nextCursor` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  search: z.string().trim().max(200).optional().describe('Words that name or folder contain, ignoring case.'),
  madeAt: MadeAtSchema.optional(),
});
export type GalleryQuery = z.infer<typeof GalleryQuerySchema>;

export const GalleryPageSchema = z.object({
  items: z.array(GalleryItemSchema).describe('Newest first.'),
  nextCursor: z.string().nullable(),
  total: z.number().int().describe('Of all that fit the query.'),
  folder: z.string().describe('The output folder, for a person.'),
});
export type GalleryPage = z.infer<typeof GalleryPageSchema>;

/** `GET /v1/gallery/{id}`. */
export const GalleryFileSchema = GalleryItemSchema.extend({
  path: z.string().describe('On the computer of the engine.'),
});
export type GalleryFile = z.infer<typeof GalleryFileSchema>;

/** `GET /v1/gallery/{id}/file` and `…/thumbnail`. */
export const GalleryMediaQuerySchema = z.object({
  v: z.string().max(60).optional().describe('Changes with the file: such an address may be kept for ever.'),
});

/** Texts of JSON as ComfyUI wrote them: seeds may be greater than a number of JavaScript holds. */
export const EmbeddedWorkflowSchema = z.object({
  workflow: z.string().nullable().describe("As ComfyUI's page opens it."),
  prompt: z.string().nullable().describe('In API format, as it was run.'),
});
export type EmbeddedWorkflow = z.infer<typeof EmbeddedWorkflowSchema>;
