/** One picture after the other, large: arrows lead on, plus and minus zoom, Escape closes. */
import { ChevronLeft, ChevronRight, Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect } from 'react';
import type { GalleryItem } from '../../../contract/gallery.ts';
import { formatCount, formatPercent } from '../../lib/format.ts';
import { mediaAddress } from '../../lib/gallery-view.ts';
import { ZOOM_STEP } from '../../lib/zoom.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { FullView } from './FullView.tsx';
import { LargePicture } from './LargePicture.tsx';
import { PictureFacts } from './PictureFacts.tsx';
import styles from './PictureViewer.module.css';
import { useZoom, ZoomFrame } from './ZoomFrame.tsx';

const UNTOLD = { width: 1024, height: 1024 };

export function PictureViewer({
  item,
  index,
  total,
  beside,
  onMove,
  onClose,
}: {
  item: GalleryItem;
  index: number;
  total: number;
  /** The pictures before and after, to be there when an arrow leads to them. */
  beside: readonly (GalleryItem | undefined)[];
  onMove: (index: number) => void;
  onClose: () => void;
}) {
  const told = words.gallery.viewer;
  const { width, height } = item;
  const zoom = useZoom(width === null || height === null ? UNTOLD : { width, height }, item.id);
  const isImage = item.kind === 'image';
  const move = (to: number): void => {
    if (to >= 0 && to < total) onMove(to);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => move(index - 1),
    ArrowRight: () => move(index + 1),
    Home: () => move(0),
    '+': () => zoom.by(ZOOM_STEP),
    '=': () => zoom.by(ZOOM_STEP),
    '-': () => zoom.by(1 / ZOOM_STEP),
    '0': () => zoom.fit(),
  };
  const ahead = beside
    .filter((each) => each?.kind === 'image')
    .map((each) => (each === undefined ? '' : mediaAddress(each, 'file')))
    .join('\n');
  useEffect(() => {
    for (const address of ahead.split('\n').filter(Boolean)) new Image().src = address;
  }, [ahead]);

  return (
    <FullView
      title={told.title(item.name)}
      onClose={onClose}
      onKey={(key) => {
        const deed = keys[key];
        if (deed === undefined) return false;
        deed();
        return true;
      }}
      bar={
        <>
          <span className={styles.place}>{told.place(formatCount(index + 1), formatCount(total))}</span>
          <span className={styles.hint}>{told.hint}</span>
          {isImage && (
            <span className={styles.zoom}>
              <Button
                weight="quiet"
                icon={<ZoomOut aria-hidden />}
                aria-label={told.zoomOut}
                onClick={() => zoom.by(1 / ZOOM_STEP)}
              />
              <span className={styles.percent} role="status">
                {width === null ? '' : formatPercent(zoom.scale * 100)}
              </span>
              <Button
                weight="quiet"
                icon={<ZoomIn aria-hidden />}
                aria-label={told.zoomIn}
                onClick={() => zoom.by(ZOOM_STEP)}
              />
              <Button weight="quiet" icon={<Maximize aria-hidden />} aria-label={told.fit} onClick={zoom.fit} />
            </span>
          )}
        </>
      }
      beside={<PictureFacts item={item} onGone={onClose} />}
    >
      {isImage ? (
        <ZoomFrame zoom={zoom}>
          <LargePicture key={item.id} item={item} />
        </ZoomFrame>
      ) : (
        <div className={styles.still}>
          <LargePicture key={item.id} item={item} />
        </div>
      )}
      <Button
        className={styles.previous}
        icon={<ChevronLeft aria-hidden />}
        aria-label={told.previous}
        disabled={index === 0}
        onClick={() => move(index - 1)}
      />
      <Button
        className={styles.next}
        icon={<ChevronRight aria-hidden />}
        aria-label={told.next}
        disabled={index >= total - 1}
        onClick={() => move(index + 1)}
      />
    </FullView>
  );
}
