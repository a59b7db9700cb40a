/** The latest look at what runs, by prompt or job: pictures the sampler sends while it works. In memory alone, one for each, a few at most. */

export interface PreviewPicture {
  readonly type: 'image/jpeg' | 'image/png';
  readonly bytes: Buffer;
}

export interface LivePreviews {
  show(id: string, picture: PreviewPicture): void;
  /** Null when there is none, or none any more. */
  latest(id: string): PreviewPicture | null;
  /** It has ended. */
  forget(id: string): void;
}

const MOST_PICTURES = 16;
const MOST_BYTES = 4 * 1024 * 1024;

export function createLivePreviews(): LivePreviews {
  /** The longest unchanged comes first. */
  const pictures = new Map<string, PreviewPicture>();
  return {
    show(id, picture) {
      if (picture.bytes.length > MOST_BYTES) return;
      pictures.delete(id);
      // A copy: a frame may be a part of a much larger piece of memory.
      pictures.set(id, { type: picture.type, bytes: Buffer.from(picture.bytes) });
      if (pictures.size > MOST_PICTURES) pictures.delete(pictures.keys().next().value ?? id);
    },
    latest: (id) => pictures.get(id) ?? null,
    forget: (id) => void pictures.delete(id),
  };
}
