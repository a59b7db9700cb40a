/** Packs a few files into an asar archive, the form in which Electron reads its default app. Flat, in memory, nothing more. */

/**
 * Two Chromium pickles (a length, and a JSON index), then the bytes of the files one after the other.
 * @param {Record<string, Buffer>} files content by name
 * @returns {Buffer}
 */
export function packAsar(files) {
  let offset = 0;
  const index = {};
  for (const [name, content] of Object.entries(files)) {
    // The format wants offsets as text, for they may be larger than a double holds.
    index[name] = { size: content.length, offset: String(offset) };
    offset += content.length;
  }
  const json = Buffer.from(JSON.stringify({ files: index }));
  const padded = Buffer.concat([json, Buffer.alloc((4 - (json.length % 4)) % 4)]);
  const header = Buffer.concat([uint32(4 + padded.length), uint32(json.length), padded]);
  return Buffer.concat([uint32(4), uint32(header.length), header, ...Object.values(files)]);
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
