/**
 * Reads the one form of YAML that --extra-model-paths-config files have: sections of `type: folder`, where a value may
 * be a block of several folders. Not a YAML parser. Pure.
 */
import { dirname, resolve } from 'node:path';

export interface ExtraModelPath {
  type: string;
  folder: string;
}

/** Folder types that newer files may still call by their old name. */
const oldNames: Record<string, string> = { clip: 'text_encoders', unet: 'diffusion_models' };

/** The folders in the order of the file; relative ones hang on `base_path`, which itself hangs on the file's folder. */
export function extraModelPaths(text: string, file: string): ExtraModelPath[] {
  const home = dirname(resolve(file));
  const found: ExtraModelPath[] = [];
  let base = home;
  let block: { type: string; indent: number } | undefined;
  const add = (type: string, folder: string) => {
    if (folder !== '') found.push({ type: oldNames[type] ?? type, folder: resolve(base, folder) });
  };
  for (const line of text.split(/\r?\n/)) {
    const content = line.replace(/(^|\s)#.*$/, '').trimEnd();
    if (content.trim() === '') continue;
    const indent = content.length - content.trimStart().length;
    if (block && indent > block.indent) {
      add(block.type, content.trim());
      continue;
    }
    block = undefined;
    const [, key = '', rest = ''] = /^\s*([^:]+):\s*(.*)$/.exec(content) ?? [];
    const value = rest.replace(/^(['"])(.*)\1$/, '$2');
    if (indent === 0) base = home;
    else if (key === 'base_path') base = resolve(home, value.replace(/^~(?=$|\/)/, process.env.HOME ?? '~'));
    else if (key === 'is_default') continue;
    else if (value === '|' || value === '>') block = { type: key, indent };
    else add(key, value);
  }
  return found;
}
