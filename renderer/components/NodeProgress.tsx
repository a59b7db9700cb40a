/** How far running work has come: a bar, the node it is at, and how many nodes are done. */
import type { JobProgress } from '../../contract/jobs.ts';
import { formatCount } from '../lib/format.ts';
import { queueProgress } from '../lib/queue-progress.ts';
import { words } from '../words.ts';
import styles from './NodeProgress.module.css';

export function NodeProgress({ progress, label }: { progress: JobProgress; label: string }) {
  const { value, max, nodesDone, nodesTotal } = progress;
  const step = value === null || max === null ? null : words.queue.step(formatCount(value), formatCount(max));
  const fraction = queueProgress(progress);
  return (
    <div className={styles.progress}>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(fraction * 100)}
      >
        <div className={styles.done} style={{ transform: `scaleX(${fraction})` }} />
      </div>
      {progress.nodeType !== null && <p className={styles.node}>{words.queue.atNode(progress.nodeType, step)}</p>}
      <p className={styles.count}>{words.queue.nodesDone(nodesDone, nodesTotal)}</p>
    </div>
  );
}
