/** What comes next by itself: the countdown to sleep, what blocks it, or the countdown to the next try. */
import type { Status } from '../../contract/status.ts';
import { useNow } from '../hooks/live.tsx';
import { formatCountdown, formatDuration, formatMoment } from '../lib/format.ts';
import { type IdleOutlook, idleOutlook } from '../lib/idle-outlook.ts';
import type { Mood } from '../lib/mood.ts';
import { words } from '../strings/en.ts';
import styles from './Outlook.module.css';

export function Outlook({ status, mood }: { status: Status; mood: Mood }) {
  switch (mood) {
    case 'ready':
    case 'working':
      return <SleepOutlook status={status} />;
    case 'backingOff':
      return <RetryOutlook status={status} />;
    case 'stopping':
      return <StoppingOutlook status={status} />;
    default:
      return null;
  }
}

function SleepOutlook({ status }: { status: Status }) {
  const now = useNow();
  const outlook = idleOutlook(status.idle, now);
  switch (outlook.kind) {
    case 'countdown':
      return (
        <div className={styles.outlook}>
          <p className={styles.label}>{words.state.sleepsIn}</p>
          <p className={styles.figure}>{formatCountdown(outlook.sleepsInSeconds)}</p>
          <div className={styles.track} aria-hidden="true">
            <div className={styles.left} style={{ transform: `scaleX(${outlook.fractionLeft})` }} />
          </div>
          <FreesLine outlook={outlook} />
        </div>
      );
    case 'blocked':
      return (
        <div className={styles.outlook}>
          <p className={styles.label}>{words.state.staysAwake}</p>
          <p className={styles.note}>{words.state.becauseOf(outlook.by)}</p>
          {outlook.thenSleeps && <p className={styles.note}>{words.state.thenSleeps}</p>}
        </div>
      );
    case 'keptAwake':
      return (
        <div className={styles.outlook}>
          <p className={styles.label}>{words.state.keptAwakeUntil(formatMoment(outlook.untilMs, now))}</p>
        </div>
      );
    case 'never':
      return (
        <div className={styles.outlook}>
          <p className={styles.label}>{words.state.neverSleeps}</p>
          {status.idle.timeoutSeconds === 0 && <p className={styles.note}>{words.state.neverSleepsHint}</p>}
        </div>
      );
  }
}

function FreesLine({ outlook }: { outlook: Extract<IdleOutlook, { kind: 'countdown' }> }) {
  if (outlook.freed) return <p className={styles.note}>{words.state.freed}</p>;
  if (outlook.freesInSeconds === null) return null;
  return <p className={styles.note}>{words.state.freesIn(formatCountdown(outlook.freesInSeconds))}</p>;
}

function RetryOutlook({ status }: { status: Status }) {
  const now = useNow();
  if (status.retryAt === null) return null;
  const secondsLeft = (Date.parse(status.retryAt) - now) / 1000;
  return (
    <div className={styles.outlook}>
      <p className={styles.label}>{secondsLeft > 0 ? words.state.retryIn : words.state.retrying}</p>
      {secondsLeft > 0 && <p className={styles.figure}>{formatCountdown(secondsLeft)}</p>}
    </div>
  );
}

function StoppingOutlook({ status }: { status: Status }) {
  const seconds = (useNow() - Date.parse(status.since)) / 1000;
  return (
    <div className={styles.outlook}>
      <p className={styles.label}>{words.state.stoppingFor}</p>
      <p className={styles.note}>{formatDuration(seconds)}</p>
    </div>
  );
}
