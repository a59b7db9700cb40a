/** What a waiting job is moved by: dragged with a mouse, or with the arrow keys. */
import { GripVertical } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { JobSummary } from '../../contract/jobs.ts';
import type { JobMove } from '../lib/job-deed.ts';
import { jobTitle } from '../lib/job-sentence.ts';
import { words } from '../words.ts';
import styles from './MoveHandle.module.css';

const KEYS: Readonly<Record<string, JobMove>> = { ArrowUp: 'up', ArrowDown: 'down', Home: 'top', End: 'bottom' };

export function MoveHandle({
  job,
  onMove,
  onDrag,
}: {
  job: JobSummary;
  onMove: (move: JobMove) => void;
  onDrag: (dragging: boolean) => void;
}) {
  function pressed(event: KeyboardEvent): void {
    const move = KEYS[event.key];
    if (move === undefined) return;
    event.preventDefault();
    onMove(move);
  }
  const said = words.jobs.reorder(jobTitle(job));
  return (
    <button
      type="button"
      className={styles.handle}
      data-handle={job.id}
      aria-label={said}
      title={said}
      draggable
      onKeyDown={pressed}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', job.id);
        const row = event.currentTarget.closest('li');
        if (row !== null) event.dataTransfer.setDragImage(row, 40, 24);
        onDrag(true);
      }}
      onDragEnd={() => onDrag(false)}
    >
      <GripVertical aria-hidden />
    </button>
  );
}
