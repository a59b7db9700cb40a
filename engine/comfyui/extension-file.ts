/** The built script of `extension/`: what Stoker adds to ComfyUI's page, and where the page is to find it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../platform/error-code.ts';

/** Beside the folders of custom nodes, none of which is called so. */
export const EXTENSION_PATH = '/extensions/stoker/stoker.js';

/**
 * @param programFolder the build's folder
 * @returns null where the page was not built: ComfyUI's page then stays as it is
 */
export function readExtension(programFolder: string): { readonly path: string; readonly content: Buffer } | null {
  try {
    return { path: EXTENSION_PATH, content: readFileSync(join(programFolder, 'extension/stoker.js')) };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
