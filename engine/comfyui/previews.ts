/** A picture of what a prompt made: from ComfyUI while it runs, from its output folder while it sleeps. Never wakes it. */
import { AppError } from '../platform/app-error.ts';
import type { ComfyClient } from './client.ts';
import { type Fields, fieldsOf } from './json-fields.ts';
import { type Picture, readOutputFile } from './output-folder.ts';
import { imagesOf, type OutputFile } from './prompt-end.ts';

export interface Previews {
  /** @throws AppError no_preview; upstream_unreachable when ComfyUI alone knows the prompt and does not answer */
  of(promptId: string): Promise<Picture>;
}

export interface PreviewsDeps {
  readonly client: Pick<ComfyClient, 'historyOf' | 'picture'>;
  readonly isRunning: () => boolean;
  readonly lastKnownHistory: () => Fields;
  /** Null when only ComfyUI itself knows. */
  readonly outputFolder: () => string | null;
}

export function createPreviews({ client, isRunning, lastKnownHistory, outputFolder }: PreviewsDeps): Previews {
  async function imageOf(promptId: string): Promise<OutputFile | undefined> {
    const kept = lastKnownHistory();
    const entry = Object.hasOwn(kept, promptId)
      ? kept[promptId]
      : isRunning()
        ? fieldsOf(await client.historyOf(promptId))[promptId]
        : undefined;
    return imagesOf(fieldsOf(entry).outputs)[0];
  }

  async function read(file: OutputFile): Promise<Picture | null> {
    // A node that holds Python's lock keeps ComfyUI from answering; the file is there all the same.
    if (isRunning()) return client.picture(file).catch(() => fromDisk(file));
    return fromDisk(file);
  }

  async function fromDisk(file: OutputFile): Promise<Picture | null> {
    const folder = outputFolder();
    return folder === null ? null : readOutputFile(folder, file);
  }

  return {
    async of(promptId) {
      const image = await imageOf(promptId);
      const picture = image === undefined ? null : await read(image);
      if (picture === null) {
        throw new AppError('no_preview', `There is no picture of the prompt ${promptId} that Stoker can show now.`);
      }
      return picture;
    },
  };
}
