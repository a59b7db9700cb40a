/** Two pictures against each other: one over the other with a border that one moves, or side by side, zoomed together. */
import { ArrowLeftRight, Maximize } from 'lucide-react';
import { useState } from 'react';
import type { GalleryItem } from '../../../contract/gallery.ts';
import { mediaAddress } from '../../lib/gallery-view.ts';
import { ZOOM_STEP } from '../../lib/zoom.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { ToggleGroup } from '../ToggleGroup.tsx';
import styles from './CompareView.module.css';
import { FullView } from './FullView.tsx';
import { useZoom, ZoomFrame } from './ZoomFrame.tsx';

type Mode = 'slider' | 'beside';

export function CompareView({ pair, onClose }: { pair: readonly [GalleryItem, GalleryItem]; onClose: () => void }) {
  const told = words.gallery.comparing;
  const [mode, setMode] = useState<Mode>('slider');
  const [isSwapped, setIsSwapped] = useState(false);
  const [border, setBorder] = useState(50);
  const [left, right] = isSwapped ? [pair[1], pair[0]] : pair;
  const zoom = useZoom({ width: left.width ?? 1024, height: left.height ?? 1024 }, mode);
  return (
    <FullView
      title={told.title}
      onClose={onClose}
      onKey={(key) => {
        if (key === '+' || key === '=') zoom.by(ZOOM_STEP);
        else if (key === '-') zoom.by(1 / ZOOM_STEP);
        else if (key === '0') zoom.fit();
        else if (mode === 'slider' && key === 'ArrowLeft') setBorder((at) => Math.max(0, at - 2));
        else if (mode === 'slider' && key === 'ArrowRight') setBorder((at) => Math.min(100, at + 2));
        else return false;
        return true;
      }}
      bar={
        <>
          <ToggleGroup
            label={told.mode}
            choices={[
              { value: 'slider', label: told.modes.slider },
              { value: 'beside', label: told.modes.beside },
            ]}
            value={mode}
            onChange={setMode}
          />
          <Button weight="quiet" icon={<ArrowLeftRight aria-hidden />} onClick={() => setIsSwapped(!isSwapped)}>
            {told.swap}
          </Button>
          <span className={styles.space} />
          <Button
            weight="quiet"
            icon={<Maximize aria-hidden />}
            aria-label={words.gallery.viewer.fit}
            onClick={zoom.fit}
          />
        </>
      }
    >
      {mode === 'slider' ? (
        <div className={styles.over}>
          <ZoomFrame zoom={zoom}>
            <div className={styles.stack}>
              <Picture item={left} name={told.left} />
              <div className={styles.top} style={{ clipPath: `inset(0 0 0 ${border}%)` }}>
                <Picture item={right} name={told.right} />
              </div>
              <span className={styles.border} style={{ left: `${border}%`, width: `${2 / zoom.view.scale}px` }} />
            </div>
          </ZoomFrame>
          <input
            className={styles.slider}
            type="range"
            min={0}
            max={100}
            step={0.5}
            value={border}
            aria-label={told.slider}
            onChange={(event) => setBorder(Number(event.target.value))}
          />
        </div>
      ) : (
        <div className={styles.beside}>
          <ZoomFrame zoom={zoom}>
            <Picture item={left} name={told.left} />
          </ZoomFrame>
          <ZoomFrame zoom={zoom}>
            <Picture item={right} name={told.right} />
          </ZoomFrame>
        </div>
      )}
      <span className={styles.leftName}>{left.name}</span>
      <span className={styles.rightName}>{right.name}</span>
    </FullView>
  );
}

function Picture({ item, name }: { item: GalleryItem; name: string }) {
  return (
    <img className={styles.picture} src={mediaAddress(item, 'file')} alt={`${name}: ${item.name}`} draggable={false} />
  );
}
