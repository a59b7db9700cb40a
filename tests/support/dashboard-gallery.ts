/** The gallery's routes for tests of the dashboard: real pictures, drawn here, answered as the engine answers them. */
import type { ServerResponse } from 'node:http';
import { PNG } from 'pngjs';
import { type GalleryItem, GalleryItemSchema, GalleryPageSchema, GalleryQuerySchema } from '../../contract/gallery.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { GalleryPicture } from './dashboard-engine.ts';

const FOLDER = '/home/mira/ai/ComfyUI/output';

/** Hills under a sky, of another hour for each seed: nothing that two pictures share. */
function drawn(seed: number, width: number, height: number): Buffer {
  const png = new PNG({ width, height });
  const hue = (seed * 47) % 360;
  const ridges = [0, 1, 2, 3].map((layer) => ({
    base: height * (0.45 + 0.14 * layer),
    swing: height * (0.05 + 0.02 * ((seed + layer) % 4)),
    phase: seed * 1.7 + layer * 2.1,
  }));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const layer = ridges.findLastIndex(
        ({ base, swing, phase }) =>
          y > base + swing * Math.sin((x / width) * 7 + phase) * Math.cos((x / width) * 3 - phase),
      );
      const lightness = layer < 0 ? 0.86 - 0.35 * (y / height) : 0.5 - 0.11 * layer;
      const sun = Math.hypot(x - width * (0.2 + ((seed * 13) % 60) / 100), y - height * 0.25) < height * 0.07;
      const [red, green, blue] = rgb((hue + layer * 14) % 360, sun ? 0.2 : 0.38, sun ? 0.95 : lightness);
      png.data.set([red, green, blue, 255], (y * width + x) * 4);
    }
  }
  return PNG.sync.write(png);
}

function rgb(hue: number, saturation: number, lightness: number): [number, number, number] {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

const SIZES = [
  [1024, 1024],
  [832, 1216],
  [1216, 832],
  [1344, 768],
] as const;

/** @param count pictures; a dozen different drawings, named and dated one by one */
export function galleryPictures(now: number, count: number): GalleryPicture[] {
  const drawings = Array.from({ length: Math.min(count, 12) }, (_, seed) => {
    const [width, height] = SIZES[seed % SIZES.length] ?? SIZES[0];
    return { width, height, file: drawn(seed + 1, width / 4, height / 4) };
  });
  return Array.from({ length: count }, (_, index) => {
    const drawing = drawings[index % drawings.length];
    if (drawing === undefined) throw new Error('a gallery needs a picture');
    const isRemote = index % 5 === 2;
    const item: GalleryItem = GalleryItemSchema.parse({
      id: `picture-${index}`,
      name: `${isRemote ? 'flux_castle' : 'ComfyUI'}_${String(count - index).padStart(5, '0')}_.png`,
      subfolder: isRemote ? 'stoker/runpod-4090' : index % 7 === 3 ? '2026/portraits' : '',
      kind: 'image',
      mediaType: 'image/png',
      bytes: 1_400_000 + index * 1013,
      modifiedAt: now - index * 17 * 60_000,
      width: drawing.width,
      height: drawing.height,
      jobId: index % 3 === 2 ? null : `job-${index}`,
      madeAt: isRemote ? 'remote' : 'local',
    });
    return { item, file: drawing.file, thumbnail: drawing.file, workflow: index % 4 === 3 ? null : '{"nodes":[]}' };
  });
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

export function answerGallery(url: URL, response: ServerResponse, pictures: readonly GalleryPicture[]): void {
  const [id = '', part] = url.pathname.slice(MANAGER_ROUTES.gallery.length + 1).split('/');
  const { status, type, body } = id === '' ? listed(url, pictures) : answerOne(id, part, pictures);
  response.writeHead(status, { 'content-type': type }).end(body);
}

function listed(url: URL, pictures: readonly GalleryPicture[]): Answer {
  const { cursor, limit, search, madeAt } = GalleryQuerySchema.parse(Object.fromEntries(url.searchParams));
  const wanted = (search ?? '').toLowerCase().split(/\s+/);
  const fitting = pictures.filter(
    ({ item }) =>
      (madeAt === undefined || item.madeAt === madeAt) &&
      wanted.every((word) => `${item.subfolder}/${item.name}`.toLowerCase().includes(word)),
  );
  const start = cursor === undefined ? 0 : Number(cursor);
  const items = fitting.slice(start, start + limit).map(({ item }) => item);
  const nextCursor = start + limit < fitting.length ? String(start + limit) : null;
  return json(200, GalleryPageSchema.parse({ items, nextCursor, total: fitting.length, folder: FOLDER }));
}

function answerOne(id: string, part: string | undefined, pictures: readonly GalleryPicture[]): Answer {
  const picture = pictures.find(({ item }) => item.id === id);
  if (picture === undefined) return refusal('gallery_item_not_found', 'There is no such file.');
  if (part === 'workflow') {
    if (picture.workflow === null) return refusal('gallery_no_workflow', 'The file holds no workflow.');
    return json(200, { workflow: picture.workflow, prompt: null });
  }
  const body = part === 'thumbnail' ? picture.thumbnail : picture.file;
  if (body === null) return refusal('no_preview', 'There is no small picture.');
  return { status: 200, type: part === 'thumbnail' ? 'image/png' : picture.item.mediaType, body };
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});
const refusal = (code: string, message: string): Answer =>
  json(404, { source: 'stoker', error: { code, message, details: {} } });
