/** Results that lie in ComfyUI's own folders: from the disk where Stoker knows the folder, else from ComfyUI while it runs. Wakes nothing. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ComfyFile } from '../../../contract/jobs.ts';
import { urlHost } from '../../comfyui/client.ts';
import type { ResultFile } from '../../jobs/content-store.ts';
import { readBounded } from '../../platform/bounded-body.ts';
import type { ComfyAddress } from '../../supervisor/supervisor.ts';
import type { PromptApi } from './prompt-api.ts';

export interface HomeFilesDeps {
  readonly address: () => ComfyAddress | null;
  readonly find: (file: ComfyFile) => Promise<{ readonly path: string; readonly bytes: number } | null>;
  readonly view: PromptApi['view'];
}

/** What is asked of ComfyUI is a preview in its temp folder, or lies where only a start command of the user's knows. */
const MOST_BYTES = 256 * 1024 * 1024;

export function createHomeFiles({ address, find, view }: HomeFilesDeps) {
  return async (file: ComfyFile): Promise<ResultFile | null> => {
    const found = await find(file);
    if (found !== null) return { path: found.path, bytes: found.bytes, stream: () => createReadStream(found.path) };
    const running = address();
    if (running === null) return null;
    try {
      const { content } = await view({ url: `http://${urlHost(running.host)}:${running.port}` }, file);
      const bytes = await readBounded(content as AsyncIterable<Buffer>, MOST_BYTES);
      return { path: null, bytes: bytes.length, stream: () => Readable.from([bytes]) };
    } catch {
      return null;
    }
  };
}
