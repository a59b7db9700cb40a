/** The routes of the gallery: pages, a file with ranges, its small picture, the workflow inside. Nothing in a file may run at our address. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  EmbeddedWorkflowSchema,
  GalleryFileSchema,
  GalleryIdSchema,
  GalleryMediaQuerySchema,
  GalleryPageSchema,
  GalleryQuerySchema,
} from '../../contract/gallery.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type ByteRange, byteRange } from '../gallery/byte-range.ts';
import type { Gallery, OpenFile } from '../gallery/gallery.ts';
import { AppError } from '../platform/app-error.ts';
import { resultHeaders } from './result-headers.ts';

export interface GalleryRooms {
  readonly gallery: Gallery;
}

const IdSchema = z.object({ id: GalleryIdSchema });
const TAGS = ['gallery'];
/** A picture that could not be made small is sent as it is, up to this: a browser draws it, a tile of 200 MB helps nobody. */
const MOST_UNSHRUNK_BYTES = 32 * 1024 * 1024;

export function registerGallery(app: FastifyInstance, { gallery }: GalleryRooms): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const one = `${MANAGER_ROUTES.gallery}/:id`;

  routes.get(
    MANAGER_ROUTES.gallery,
    {
      schema: {
        tags: TAGS,
        summary: 'Pictures, videos and sounds of the output folder, newest first',
        querystring: GalleryQuerySchema,
        response: { 200: GalleryPageSchema },
      },
    },
    async (request) => gallery.page(request.query),
  );

  routes.get(
    one,
    { schema: { tags: TAGS, summary: 'One of them', params: IdSchema, response: { 200: GalleryFileSchema } } },
    async (request) => gallery.one(request.params.id),
  );

  routes.get(
    `${one}/file`,
    {
      schema: {
        tags: TAGS,
        summary: 'The file itself; takes a range',
        params: IdSchema,
        querystring: GalleryMediaQuerySchema,
      },
    },
    async (request, reply) => sendFile(request, reply, await gallery.open(request.params.id)),
  );

  routes.get(
    `${one}/thumbnail`,
    {
      schema: {
        tags: TAGS,
        summary: 'A small picture (WebP), or the picture itself where none can be made',
        params: IdSchema,
        querystring: GalleryMediaQuerySchema,
      },
    },
    async (request, reply) => {
      const leaving = new AbortController();
      reply.raw.on('close', () => leaving.abort());
      const small = await gallery.thumbnail(request.params.id, leaving.signal);
      if (small !== null) return send(reply, request, small, resultHeaders(described(small, 'image/webp')));
      const whole = await gallery.open(request.params.id);
      if (whole.file.kind !== 'image' || whole.bytes > MOST_UNSHRUNK_BYTES) {
        throw new AppError('no_preview', `There is no small picture of ${whole.file.name}.`);
      }
      return sendFile(request, reply, whole);
    },
  );

  routes.get(
    `${one}/workflow`,
    {
      schema: {
        tags: TAGS,
        summary: 'The workflow that ComfyUI wrote into the file',
        params: IdSchema,
        response: { 200: EmbeddedWorkflowSchema },
      },
    },
    async (request) => gallery.workflow(request.params.id),
  );
}

type Asked = FastifyRequest<{ Querystring: z.infer<typeof GalleryMediaQuerySchema> }>;

const described = ({ file, version }: OpenFile, type = file.mediaType) => ({
  sha256: version,
  type,
  filename: file.name,
});

function sendFile(request: Asked, reply: FastifyReply, opened: OpenFile): FastifyReply {
  const headers = resultHeaders(described(opened));
  const { 'if-range': condition, range: wanted } = request.headers;
  const isSame = condition === undefined || condition === headers.etag;
  reply.header('accept-ranges', 'bytes');
  return send(reply, request, opened, headers, byteRange(isSame ? wanted : undefined, opened.bytes));
}

function send(
  reply: FastifyReply,
  request: Asked,
  opened: OpenFile,
  headers: ReturnType<typeof resultHeaders>,
  range: ByteRange = { kind: 'whole' },
): FastifyReply {
  // A name stays while the file behind it may be written anew: without a version in the address it is asked again every time.
  const cacheControl = request.query.v === undefined ? 'private, no-cache' : 'private, max-age=31536000, immutable';
  reply.headers({ ...headers, 'cache-control': cacheControl });
  if (request.headers['if-none-match'] === headers.etag) return reply.status(304).send();
  switch (range.kind) {
    case 'whole':
      return reply.header('content-length', opened.bytes).send(opened.stream());
    case 'part':
      return reply
        .status(206)
        .header('content-range', `bytes ${range.start}-${range.end}/${opened.bytes}`)
        .header('content-length', range.end - range.start + 1)
        .send(opened.stream(range));
    case 'unsatisfiable':
      return reply.status(416).header('content-range', `bytes */${opened.bytes}`).send();
  }
}
