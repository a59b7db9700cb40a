/** A file of the gallery as large as its frame lets it be: a picture, a video or a sound with the browser's own controls. */
import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import type { GalleryItem } from '../../../contract/gallery.ts';
import { mediaAddress } from '../../lib/gallery-view.ts';
import { words } from '../../words.ts';
import styles from './LargePicture.module.css';

export function LargePicture({ item }: { item: GalleryItem }) {
  const [isBroken, setIsBroken] = useState(false);
  const file = mediaAddress(item, 'file');
  if (isBroken) {
    return (
      <p className={styles.broken}>
        <ImageOff aria-hidden />
        {words.gallery.broken}
      </p>
    );
  }
  switch (item.kind) {
    case 'image':
      return (
        <img
          className={styles.large}
          src={file}
          alt={item.name}
          draggable={false}
          // What the grid showed already stands, in the size to come, until the whole is there.
          style={{ ...fitted(item), backgroundImage: `url("${mediaAddress(item, 'thumbnail')}")` }}
          onError={() => setIsBroken(true)}
        />
      );
    case 'video':
      // biome-ignore lint/a11y/useMediaCaption: what ComfyUI makes has no captions.
      return <video className={styles.large} src={file} controls loop aria-label={item.name} />;
    case 'audio':
      // biome-ignore lint/a11y/useMediaCaption: what ComfyUI makes has no captions.
      return <audio src={file} controls aria-label={item.name} />;
  }
}

/** In the frame (a size container) as a whole, and never larger than its own pixels. */
function fitted({ width, height }: GalleryItem): { readonly width?: string; readonly aspectRatio?: string } {
  if (width === null || height === null) return {};
  return { width: `min(${width}px, 100cqw, 100cqh * ${width / height})`, aspectRatio: `${width} / ${height}` };
}
