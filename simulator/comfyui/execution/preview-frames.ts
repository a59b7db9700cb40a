/** Binary WebSocket frames of previews: 4 bytes event, then what belongs to it, all big-endian. Pure. */
import { pythonJson } from '../http/python-json.ts';

const previewImage = 1;
const previewImageWithMetadata = 4;
const jpegFormat = 1;

/** For clients that did not ask for more: event 1, format, picture. */
export function plainPreview(jpeg: Uint8Array): Buffer {
  return Buffer.concat([word(previewImage), word(jpegFormat), jpeg]);
}

/** For clients that negotiated `supports_preview_metadata`: event 4, length, JSON, picture. */
export function describedPreview(jpeg: Uint8Array, identity: Record<string, unknown>): Buffer {
  const metadata = Buffer.from(pythonJson({ ...identity, image_type: 'image/jpeg' }));
  return Buffer.concat([word(previewImageWithMetadata), word(metadata.length), metadata, jpeg]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
