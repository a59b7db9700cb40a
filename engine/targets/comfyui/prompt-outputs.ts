/** What a prompt made, by its entry in ComfyUI's history: every file of every node, pictures or not. Pure. */
import { type Fields, fieldsOf, isFields, textOf } from '../../comfyui/json-fields.ts';

export interface MadeFile {
  readonly nodeId: string;
  readonly filename: string;
  readonly subfolder: string;
  readonly type: string;
}

/**
 * Files that were saved; where nothing was saved, the previews. A node tells its files in lists of any name (`images`, `gifs`, `audio`,
 * `3d`), so every list is looked through. One file that two nodes tell is one result.
 */
export function madeFiles(entry: unknown): MadeFile[] {
  const all = Object.entries(fieldsOf(fieldsOf(entry).outputs)).flatMap(([nodeId, output]) =>
    Object.values(fieldsOf(output)).flatMap((list) =>
      Array.isArray(list) ? list.filter(isFields).flatMap((item) => madeFile(nodeId, item) ?? []) : [],
    ),
  );
  const byPlace = new Map(all.map((file) => [`${file.type}/${file.subfolder}/${file.filename}`, file]));
  const unique = [...byPlace.values()];
  const saved = unique.filter(({ type }) => type === 'output');
  return saved.length > 0 ? saved : unique.filter(({ type }) => type === 'temp');
}

function madeFile(nodeId: string, item: Fields): MadeFile | null {
  const filename = textOf(item.filename);
  const type = textOf(item.type);
  if (filename === null || filename === '' || type === null) return null;
  return { nodeId, filename, subfolder: textOf(item.subfolder) ?? '', type };
}
