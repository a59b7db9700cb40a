/** A start in progress: its phases, the custom node being imported, and the time learnt from earlier starts. */
import { Check } from 'lucide-react';
import type { Status } from '../../contract/status.ts';
import { useNow } from '../hooks/live.tsx';
import { type BootProgress, bootProgress } from '../lib/boot-progress.ts';
import { formatDuration } from '../lib/format.ts';
import { words } from '../words.ts';
import styles from './BootSteps.module.css';

export function BootSteps({ status, boot }: { status: Status; boot: NonNullable<Status['boot']> }) {
  const progress = bootProgress(boot, Date.parse(status.since), useNow());
  const { fraction } = progress;
  return (
    <div className={styles.boot}>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={words.boot.progress}
        aria-valuetext={[words.boot.phase[boot.phase], timeWords(progress, boot.expectedSeconds)].join(', ')}
        {...(fraction === null
          ? {}
          : { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(fraction * 100) })}
      >
        <div
          className={fraction === null ? styles.unknown : styles.done}
          style={fraction === null ? undefined : { transform: `scaleX(${fraction})` }}
        />
      </div>
      <ol className={styles.phases}>
        {progress.phases.map(({ phase, progress: how }) => (
          <li
            key={phase}
            className={styles.phase}
            data-progress={how}
            aria-current={how === 'current' ? 'step' : undefined}
          >
            <span className={styles.mark} aria-hidden="true">
              {how === 'done' && <Check />}
            </span>
            {words.boot.phase[phase]}
          </li>
        ))}
      </ol>
      <p className={styles.detail}>
        {boot.detail !== null && <span className={styles.node}>{boot.detail}</span>}
        <span className={styles.time}>
          {timeWords(progress, boot.expectedSeconds)}
          {boot.attempt > 1 && ` · ${words.state.attempt(boot.attempt)}`}
        </span>
      </p>
    </div>
  );
}

function timeWords(progress: BootProgress, expectedSeconds: number | null): string {
  const elapsed = formatDuration(progress.elapsedSeconds);
  if (expectedSeconds === null) return `${words.boot.elapsed(elapsed)} · ${words.boot.firstTime}`;
  return progress.secondsLeft === null
    ? words.boot.overdue(elapsed)
    : words.boot.left(formatDuration(progress.secondsLeft));
}
