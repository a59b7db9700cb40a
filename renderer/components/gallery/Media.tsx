/** A small picture of a file of the gallery, whatever it is; nothing in it plays by itself. */
import { AudioLines, ImageOff } from 'lucide-react';
import { useState } from 'react';
import type { GalleryItem } from '../../../contract/gallery.ts';
import { mediaAddress } from '../../lib/gallery-view.ts';
import { words } from '../../words.ts';
import styles from './Media.module.css';

/** Words beside it name it: it is decoration for a screen reader. */
export function SmallPicture({ item }: { item: GalleryItem }) {
  const [isBroken, setIsBroken] = useState(false);
  if (isBroken) {
    return (
      <span className={styles.stand} title={words.gallery.broken}>
        <ImageOff aria-hidden />
      </span>
    );
  }
  switch (item.kind) {
    case 'image':
      return (
        <img
          className={styles.small}
          src={mediaAddress(item, 'thumbnail')}
          alt=""
          decoding="async"
          draggable={false}
          onError={() => setIsBroken(true)}
        />
      );
    case 'video':
      return (
        <video
          className={styles.small}
          src={`${mediaAddress(item, 'file')}#t=0.1`}
          preload="metadata"
          muted
          tabIndex={-1}
          onError={() => setIsBroken(true)}
        />
      );
    case 'audio':
      return (
        <span className={styles.stand}>
          <AudioLines aria-hidden />
        </span>
      );
  }
}
