/** Ten thousand pictures without lag: rows of one height, and only those in sight are in the page. Arrows lead from picture to picture. */
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { GalleryItem } from '../../../contract/gallery.ts';
import { CAPTION, GAP, gridShape, stepOf } from '../../lib/gallery-view.ts';
import { words } from '../../words.ts';
import styles from './GalleryGrid.module.css';
import { GalleryTile, WaitingTile } from './GalleryTile.tsx';

export function GalleryGrid({
  items,
  total,
  chosen,
  current,
  onCurrent,
  onPress,
  onReach,
}: {
  items: readonly GalleryItem[];
  total: number;
  /** Null while a press opens. */
  chosen: readonly string[] | null;
  /** The place that Tab leads to. */
  current: number;
  onCurrent: (index: number) => void;
  onPress: (index: number) => void;
  /** The eye comes near this place. */
  onReach: (index: number) => void;
}) {
  const [width, setWidth] = useState(1192);
  const [top, setTop] = useState(0);
  const grid = useRef<HTMLUListElement>(null);
  const measure = useCallback((element: HTMLUListElement | null) => {
    grid.current = element;
    if (element === null) return undefined;
    const resized = new ResizeObserver(() => setWidth(element.clientWidth));
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  useLayoutEffect(() => setTop(grid.current?.offsetTop ?? 0), []);

  const { columns, tile } = gridShape(width);
  const rowHeight = tile + CAPTION + GAP;
  const rows = useWindowVirtualizer({
    count: Math.ceil(total / columns),
    estimateSize: () => rowHeight,
    overscan: 3,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width is another height of every row.
  useLayoutEffect(() => rows.measure(), [rowHeight]);
  const shown = rows.getVirtualItems();
  const lastInSight = ((shown.at(-1)?.index ?? 0) + 1) * columns - 1;
  useEffect(() => onReach(Math.min(lastInSight, total - 1)), [onReach, lastInSight, total]);

  /** Set by a key: the picture has the focus as soon as it is in the page. */
  const focusNext = useRef<number | null>(null);
  useEffect(() => {
    if (focusNext.current === null) return;
    const tileOf = grid.current?.querySelector<HTMLElement>(`button[data-index="${focusNext.current}"]`);
    if (tileOf === null || tileOf === undefined) return;
    focusNext.current = null;
    tileOf.focus({ preventScroll: true });
  });

  function pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = stepOf(event.key, current, columns, total);
    if (to === null) return;
    event.preventDefault();
    focusNext.current = to;
    onCurrent(to);
    onReach(to);
    rows.scrollToIndex(Math.floor(to / columns), { align: 'auto' });
  }

  return (
    <ul
      ref={measure}
      className={styles.grid}
      aria-label={words.gallery.grid}
      style={{ height: Math.max(0, rows.getTotalSize() - GAP) }}
      onKeyDown={pressed}
    >
      {shown.flatMap((row) =>
        Array.from({ length: Math.min(columns, total - row.index * columns) }, (_, column) => {
          const index = row.index * columns + column;
          const item = items[index];
          return (
            <li
              key={item?.id ?? `waiting-${index}`}
              aria-setsize={total}
              aria-posinset={index + 1}
              className={styles.place}
              style={{
                width: tile,
                transform: `translate(${column * (tile + GAP)}px, ${row.start - rows.options.scrollMargin}px)`,
              }}
            >
              {item === undefined ? (
                <WaitingTile />
              ) : (
                <GalleryTile
                  item={item}
                  index={index}
                  isCurrent={index === current}
                  isChosen={chosen === null ? null : chosen.includes(item.id)}
                  onPress={onPress}
                  onFocus={onCurrent}
                />
              )}
            </li>
          );
        }),
      )}
    </ul>
  );
}
