/** Shows a file of the gallery in the file manager, or puts it into the trash. Where it lies is the engine's word alone: no page names a path. */
import { GalleryFileSchema } from '../../contract/gallery.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { EngineLink } from '../engine/engine-link.ts';

export interface GalleryFiles {
  /** Both reject with the engine's refusal when the gallery has no such file. */
  reveal(id: string): Promise<void>;
  trash(id: string): Promise<void>;
}

export interface GalleryFilesDeps {
  readonly link: Pick<EngineLink, 'get'>;
  /** Of the system, by absolute path. */
  readonly showInFolder: (path: string) => void;
  readonly moveToTrash: (path: string) => Promise<void>;
}

export function createGalleryFiles({ link, showInFolder, moveToTrash }: GalleryFilesDeps): GalleryFiles {
  const pathOf = async (id: string): Promise<string> =>
    GalleryFileSchema.parse(await link.get(`${MANAGER_ROUTES.gallery}/${encodeURIComponent(id)}`)).path;
  return {
    reveal: async (id) => showInFolder(await pathOf(id)),
    trash: async (id) => moveToTrash(await pathOf(id)),
  };
}
