/** The parts of the recorded requests that the recording names but does not hold: foreign Host and Origin, multipart bodies. */
import { PNG } from 'pngjs';

/** Headers by the label of the recorded request. */
export function foreignHeaders(label: string, url: string): Record<string, string> {
  switch (label) {
    case 'foreign Origin':
      return { Origin: 'http://evil.example' };
    case 'Origin = other loopback port (our gateway/app)':
      return { Origin: 'http://127.0.0.1:5173' };
    case 'Origin matching':
      return { Origin: url };
    case 'Host rewritten to non-loopback + Origin':
      return { Host: 'gw.example:9000', Origin: 'http://evil.example' };
    default:
      return {};
  }
}

export interface MultipartPart {
  name: string;
  filename?: string;
  value: string | Buffer;
}

const boundary = '----contract-replay';

/** A multipart/form-data body and its header. */
export function multipart(parts: readonly MultipartPart[]): { headers: Record<string, string>; body: Buffer } {
  const chunks = parts.flatMap(({ name, filename, value }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${filename ? `; filename="${filename}"` : ''}\r\n\r\n`,
    ),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);
  return {
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

/** A picture of one colour. */
export function plainPng(red: number, green: number, blue: number, side = 16): Buffer {
  const picture = new PNG({ width: side, height: side });
  for (let at = 0; at < picture.data.length; at += 4) picture.data.set([red, green, blue, 255], at);
  return PNG.sync.write(picture, { colorType: 2 });
}

/** The body of a recorded upload, by its label; undefined for other requests. */
export function uploadBody(label: string, path: string): ReturnType<typeof multipart> | undefined {
  if (!path.startsWith('/upload/')) return undefined;
  const image = (filename: string, value: string | Buffer): MultipartPart => ({ name: 'image', filename, value });
  switch (label) {
    case 'first':
    case 'same bytes, no overwrite':
      return multipart([image('lab_upload.png', plainPng(10, 20, 30))]);
    case 'other bytes, no overwrite':
      return multipart([image('lab_upload.png', plainPng(200, 20, 30))]);
    case 'subfolder+type':
      return multipart([
        image('x.png', plainPng(1, 2, 3)),
        { name: 'subfolder', value: 'sub' },
        { name: 'type', value: 'input' },
      ]);
    case 'traversal':
      return multipart([image('x.png', plainPng(1, 2, 3)), { name: 'subfolder', value: '../../x' }]);
    case 'no image field':
      return multipart([{ name: 'other', value: 'x' }]);
    case 'not an image (text bytes)':
      return multipart([image('t.txt', 'plain text')]);
    default:
      throw new Error(`no body known for the upload "${label}"`);
  }
}
