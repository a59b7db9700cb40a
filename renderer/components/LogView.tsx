/** Ten thousand lines without lag: rows of one height, and only those in sight are in the page. */
import { type UIEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { LogLine } from '../../contract/events.ts';
import { formatClockSeconds } from '../lib/format.ts';
import { cutAtMatches, visibleRows } from '../lib/log-lines.ts';
import { words } from '../words.ts';
import styles from './LogView.module.css';

const ROW_HEIGHT = 20;
/** Closer to the end than this counts as at the end: zoomed pages scroll by fractions of a pixel. */
const AT_END_PX = 4;

export function LogView({
  lines,
  search,
  follow,
  onFollow,
}: {
  lines: readonly LogLine[];
  search: string;
  follow: boolean;
  /** The person scrolled: away from the end pauses following, back to it resumes. */
  onFollow: (follow: boolean) => void;
}) {
  const view = useRef<HTMLElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(600);
  /** Where our own scrolling went: the event it causes is not the person's. */
  const placedAt = useRef(0);

  const measure = useCallback((element: HTMLElement | null) => {
    view.current = element;
    if (element === null) return undefined;
    const resized = new ResizeObserver(() => setHeight(element.clientHeight));
    resized.observe(element);
    return () => resized.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = view.current;
    if (!follow || element === null) return;
    element.scrollTop = lines.length * ROW_HEIGHT - height;
    placedAt.current = element.scrollTop;
    setScrollTop(element.scrollTop);
  }, [follow, lines, height]);

  function scrolled(event: UIEvent<HTMLElement>): void {
    const element = event.currentTarget;
    setScrollTop(element.scrollTop);
    const atEnd = element.scrollHeight - element.clientHeight - element.scrollTop <= AT_END_PX;
    // New lines move the end away before we scroll there: only a move up is the person's wish to stay.
    if (atEnd) onFollow(true);
    else if (element.scrollTop < placedAt.current - AT_END_PX) onFollow(false);
    placedAt.current = element.scrollTop;
  }

  const { start, end } = visibleRows(scrollTop, height, ROW_HEIGHT, lines.length);
  return (
    <section
      ref={measure}
      className={styles.view}
      aria-label={words.log.lines}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard.
      tabIndex={0}
      onScroll={scrolled}
    >
      <div className={styles.all} style={{ height: lines.length * ROW_HEIGHT }}>
        <div className={styles.rows} style={{ transform: `translateY(${start * ROW_HEIGHT}px)` }}>
          {lines.slice(start, end).map((line) => (
            <Row key={line.sequence} line={line} search={search} />
          ))}
        </div>
      </div>
    </section>
  );
}

function Row({ line, search }: { line: LogLine; search: string }) {
  return (
    <div className={styles.row} data-level={line.level}>
      <span className={styles.time}>{formatClockSeconds(line.at)}</span>
      <span className={styles.text}>
        {line.level !== 'info' && <span className="visuallyHidden">{words.log.levelName[line.level]}: </span>}
        {cutAtMatches(line.text, search).map((piece, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line never move.
          piece.found ? <mark key={index}>{piece.text}</mark> : piece.text,
        )}
      </span>
    </div>
  );
}
