/** One picture of the grid: a button that opens it, or, while two are chosen to compare, that chooses it. */
import { Check, Cloud, Film, Music } from 'lucide-react';
import type { GalleryItem } from '../../../contract/gallery.ts';
import { useNow } from '../../hooks/live.tsx';
import { formatMoment } from '../../lib/format.ts';
import { words } from '../../words.ts';
import styles from './GalleryTile.module.css';
import { SmallPicture } from './Media.tsx';

export interface GalleryTileProps {
  readonly item: GalleryItem;
  readonly index: number;
  /** The one that Tab leads to. */
  readonly isCurrent: boolean;
  /** Null while nothing is chosen. */
  readonly isChosen: boolean | null;
  readonly onPress: (index: number) => void;
  readonly onFocus: (index: number) => void;
}

export function GalleryTile({ item, index, isCurrent, isChosen, onPress, onFocus }: GalleryTileProps) {
  const when = formatMoment(item.modifiedAt, useNow());
  return (
    <button
      type="button"
      className={styles.tile}
      data-index={index}
      tabIndex={isCurrent ? 0 : -1}
      aria-pressed={isChosen ?? undefined}
      title={item.subfolder === '' ? item.name : `${item.subfolder}/${item.name}`}
      onClick={() => onPress(index)}
      onFocus={() => onFocus(index)}
    >
      <span className={styles.picture}>
        <SmallPicture item={item} />
        {item.madeAt === 'remote' && (
          <span className={styles.mark} title={words.gallery.remote}>
            <Cloud aria-hidden />
          </span>
        )}
        {item.kind !== 'image' && (
          <span className={styles.kind}>{item.kind === 'video' ? <Film aria-hidden /> : <Music aria-hidden />}</span>
        )}
        {isChosen === true && (
          <span className={styles.chosen}>
            <Check aria-hidden />
          </span>
        )}
      </span>
      <span className={styles.name}>
        {item.kind !== 'image' && <span className="visuallyHidden">{words.gallery.kind[item.kind]}: </span>}
        {item.name}
      </span>
      <span className={styles.when}>
        {when}
        {item.madeAt === 'remote' && <span className="visuallyHidden">, {words.gallery.remote}</span>}
      </span>
    </button>
  );
}

/** Where a picture will be when its page has come. */
export function WaitingTile() {
  return (
    <span className={styles.tile} aria-hidden>
      <span className={styles.picture} />
    </span>
  );
}
