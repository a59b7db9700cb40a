/** How the gallery lies on the page: addresses of its files, columns of the grid, where an arrow leads. Pure. */
import type { GalleryItem } from '../../contract/gallery.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';

/** With the version of the file, so that a browser keeps it for ever and never shows an old one. */
export function mediaAddress(
  item: Pick<GalleryItem, 'id' | 'bytes' | 'modifiedAt'>,
  part: 'file' | 'thumbnail',
): string {
  return `${MANAGER_ROUTES.gallery}/${encodeURIComponent(item.id)}/${part}?v=${item.bytes}-${item.modifiedAt}`;
}

export interface GridShape {
  readonly columns: number;
  /** Pixels. */
  readonly tile: number;
}

export const GAP = 12;
/** Below a picture: its name and its time. */
export const CAPTION = 46;
const LEAST_TILE = 176;
/** Two beside each other on the smallest phone. */
const LEAST_COLUMNS = 2;

/** @param width of the grid in pixels */
export function gridShape(width: number): GridShape {
  const columns = Math.max(LEAST_COLUMNS, Math.floor((width + GAP) / (LEAST_TILE + GAP)));
  return { columns, tile: Math.max(1, Math.floor((width - GAP * (columns - 1)) / columns)) };
}

/** Where a key of the keyboard leads from one picture; null for a key that leads nowhere. */
export function stepOf(key: string, at: number, columns: number, count: number): number | null {
  const last = count - 1;
  const to: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    // From the row before the last one there may be nothing straight below.
    ArrowDown: at + columns > last && Math.floor(at / columns) < Math.floor(last / columns) ? last : at + columns,
    Home: 0,
    End: last,
    PageUp: Math.max(at - 4 * columns, at % columns),
    PageDown: Math.min(at + 4 * columns, last),
  };
  const wanted = to[key];
  return wanted === undefined || wanted < 0 || wanted > last ? null : wanted;
}

/** The right choice of two: the third takes the place of the first. */
export const chosenWith = (chosen: readonly string[], id: string): readonly string[] =>
  chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id].slice(-2);
