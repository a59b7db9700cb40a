/** One part of the list of jobs. Only rows in sight are in the page, so that a hundred thousand scroll like ten. */
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight } from 'lucide-react';
import { type DragEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { JobSummary } from '../../contract/jobs.ts';
import type { TargetStatus } from '../../contract/targets.ts';
import type { JobDeeds } from '../hooks/job-deeds.ts';
import type { JobListPart } from '../hooks/job-list.ts';
import { type JobMove, placeAfterMove } from '../lib/job-deed.ts';
import type { JobFilter, JobGroup } from '../lib/job-group.ts';
import { jobTitle } from '../lib/job-sentence.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import styles from './JobList.module.css';
import { JobMenu } from './JobMenu.tsx';
import { JobRow } from './JobRow.tsx';
import { MoveHandle } from './MoveHandle.tsx';

const USUAL_HEIGHT: Readonly<Record<JobGroup, number>> = { running: 110, waiting: 60, ended: 60 };
const UPWARDS: readonly JobMove[] = ['top', 'up'];
const DOWNWARDS: readonly JobMove[] = ['down', 'bottom'];
/** Of a part that others follow: enough to see what comes next. */
const SHORT = 8;
/** For two rows more nobody is sent elsewhere. */
const TOLERATED = 2;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 30;

export interface JobSelection {
  has(id: string): boolean;
  /** @param jobs all of one group that are loaded, for a range */
  toggle(job: JobSummary, range: boolean, jobs: readonly JobSummary[]): void;
  /** Everything of a part, loaded or not. */
  toggleAll(group: JobGroup, jobs: readonly JobSummary[]): void;
}

export function JobList({
  group,
  part,
  filter,
  deeds,
  targets,
  selection,
  total,
  onShowAll,
  onTag,
}: {
  group: JobGroup;
  part: JobListPart;
  filter: JobFilter;
  deeds: JobDeeds;
  targets: readonly TargetStatus[];
  selection: JobSelection;
  /** How many there are, loaded or not; undefined while nobody knows. */
  total: number | undefined;
  /** Shows this part alone and whole; null where it is whole already. */
  onShowAll: (() => void) | null;
  onTag: (tag: string) => void;
}) {
  const { jobs, hasMore, loadMore } = part;
  const id = useId();
  const list = useRef<HTMLOListElement>(null);
  const top = useDistanceFromTop(list);
  const isShort = onShowAll !== null && jobs.length > SHORT + TOLERATED;
  const count = isShort ? SHORT : jobs.length;
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => USUAL_HEIGHT[group],
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => jobs[index]?.id ?? index,
  });
  const shown = rows.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && !isShort && lastShown >= jobs.length - AHEAD) loadMore();
  }, [hasMore, isShort, lastShown, jobs.length, loadMore]);

  const [said, setSaid] = useState('');
  const [drop, setDrop] = useState<{ readonly id: string; readonly after: boolean } | null>(null);
  const dragged = useRef<JobSummary | null>(null);
  const refocus = useRef<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const more = useRef<HTMLButtonElement>(null);
  // Moved rows are put elsewhere in the page, which takes the focus from them.
  useLayoutEffect(() => {
    if (refocus.current === null) return;
    const handle = list.current?.querySelector<HTMLElement>(`[data-handle="${CSS.escape(refocus.current)}"]`);
    if (handle === null || handle === undefined) return;
    refocus.current = null;
    handle.focus();
  });

  function move(job: JobSummary, wish: JobMove): void {
    const before = placeAfterMove(jobs, job.id, wish);
    if (before === undefined) return;
    deeds.move(job, before, filter);
    const place = before === null ? (total ?? jobs.length) : placeOf(jobs, job.id, before);
    setSaid(words.jobs.movedTo(jobTitle(job), place, total ?? jobs.length));
    if (place > count) {
      // It went where this list does not reach: the keyboard stays where one finds it again.
      more.current?.focus();
      return;
    }
    refocus.current = job.id;
    rows.scrollToIndex(place - 1);
  }

  function hover(event: DragEvent<HTMLLIElement>, job: JobSummary): void {
    if (dragged.current === null) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    const after = event.clientY > box.top + box.height / 2;
    if (drop?.id !== job.id || drop.after !== after) setDrop({ id: job.id, after });
  }

  function letGo(event: DragEvent<HTMLLIElement>): void {
    event.preventDefault();
    const job = dragged.current;
    dragged.current = null;
    setDrop(null);
    if (job === null || drop === null) return;
    const rest = jobs.filter((each) => each.id !== job.id);
    const at = rest.findIndex((each) => each.id === drop.id);
    if (at < 0) return;
    deeds.move(job, (drop.after ? rest[at + 1] : rest[at])?.id ?? null, filter);
  }

  if (jobs.length === 0) return null;
  const all = jobs.every((job) => selection.has(job.id));
  return (
    <section className={styles.section} aria-labelledby={id}>
      <header className={styles.head}>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={all}
            aria-label={words.jobs.selectAll(words.jobs.group[group])}
            onChange={() => selection.toggleAll(group, jobs)}
          />
        </label>
        <h2 id={id} ref={heading} className={styles.heading} tabIndex={-1}>
          {words.jobs.group[group]}
        </h2>
      </header>
      <ol ref={list} className={styles.list} style={{ height: rows.getTotalSize() }}>
        {shown.map(({ key, index, start }) => {
          const job = jobs[index];
          if (job === undefined) return null;
          const canMove = group === 'waiting' && jobs.length > 1;
          return (
            <li
              key={key}
              ref={rows.measureElement}
              className={styles.item}
              style={{ transform: `translateY(${start - top}px)` }}
              data-index={index}
              data-drop={drop?.id === job.id ? (drop.after ? 'after' : 'before') : undefined}
              aria-posinset={index + 1}
              aria-setsize={total ?? (hasMore ? -1 : jobs.length)}
              onDragOver={group === 'waiting' ? (event) => hover(event, job) : undefined}
              onDrop={group === 'waiting' ? letGo : undefined}
            >
              <JobRow
                job={job}
                selected={selection.has(job.id)}
                onSelect={(range) => selection.toggle(job, range, jobs)}
                onTag={onTag}
                handle={
                  canMove ? (
                    <MoveHandle
                      job={job}
                      onMove={(wish) => move(job, wish)}
                      onDrag={(dragging) => {
                        dragged.current = dragging ? job : null;
                        if (!dragging) setDrop(null);
                      }}
                    />
                  ) : null
                }
                menu={
                  <JobMenu
                    job={job}
                    deeds={deeds}
                    targets={targets}
                    moves={
                      canMove ? [...(index > 0 ? UPWARDS : []), ...(index < jobs.length - 1 ? DOWNWARDS : [])] : []
                    }
                    onMove={(wish) => move(job, wish)}
                  />
                }
              />
            </li>
          );
        })}
      </ol>
      {isShort && (
        <Button
          ref={more}
          weight="quiet"
          className={styles.all}
          onClick={() => {
            onShowAll();
            heading.current?.focus({ preventScroll: true });
            window.scrollTo(0, 0);
          }}
        >
          {words.jobs.showAll(words.jobs.group[group], total ?? null)}
          <ChevronRight aria-hidden />
        </Button>
      )}
      {hasMore && !isShort && <p className={styles.more}>{words.jobs.loadingMore}</p>}
      <p className="visuallyHidden" role="status">
        {said}
      </p>
    </section>
  );
}

/** From 1, after the move. */
function placeOf(jobs: readonly JobSummary[], id: string, before: string): number {
  return jobs.filter((job) => job.id !== id).findIndex((job) => job.id === before) + 1;
}

/** Of the list in the whole page; what lies above grows and shrinks. */
function useDistanceFromTop(element: { readonly current: HTMLElement | null }): number {
  const [distance, setDistance] = useState(0);
  useLayoutEffect(() => {
    function measure(): void {
      if (element.current !== null) setDistance(element.current.getBoundingClientRect().top + window.scrollY);
    }
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(document.body);
    return () => resized.disconnect();
  });
  return distance;
}
