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
          width={item.width ?? undefined}
          height={item.height ?? undefined}
          // What the grid showed already stands until the whole is there.
          style={{ backgroundImage: `url("${mediaAddress(item, 'thumbnail')}")` }}
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
