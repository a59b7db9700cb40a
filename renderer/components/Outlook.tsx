/** The figure beside the state: the countdown to sleep or to the next try, the progress of the work, or how long it sleeps already. */
import type { QueueStatus, Status } from '../../contract/status.ts';
import type { Mood } from '../../strings/vocabulary.ts';
import { useNow } from '../hooks/live.tsx';
import { formatCount, formatCountdown, formatDuration, formatMoment, formatPercent } from '../lib/format.ts';
import { type IdleOutlook, idleOutlook } from '../lib/idle-outlook.ts';
import { queueProgress } from '../lib/queue-progress.ts';
import { words } from '../words.ts';
import styles from './Outlook.module.css';

export function Outlook({ status, mood }: { status: Status; mood: Mood }) {
  switch (mood) {
    case 'asleep':
      // Never started is not asleep: its time would be Stoker's own.
      return status.reasonCode === 'neverStarted' ? null : (
        <ForOutlook label={words.state.asleepFor} since={status.since} />
      );
    case 'working':
      return status.queue.current === null ? (
        <SleepOutlook status={status} />
      ) : (
        <WorkOutlook status={status} current={status.queue.current} />
      );
    case 'ready':
      return <SleepOutlook status={status} />;
    case 'backingOff':
      return <RetryOutlook status={status} />;
    case 'lent':
      return <LentOutlook courtesy={status.courtesy} />;
    case 'stopping':
      return <ForOutlook label={words.state.stoppingFor} since={status.since} />;
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
          <Track share={outlook.fractionLeft} />
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
          <p className={styles.label}>{words.state.keptAwakeUntil}</p>
          <p className={styles.figure}>{formatMoment(outlook.untilMs, now)}</p>
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

function LentOutlook({ courtesy }: { courtesy: Status['courtesy'] }) {
  const now = useNow();
  const secondsLeft = courtesy.until === null ? 0 : (Date.parse(courtesy.until) - now) / 1000;
  if (secondsLeft > 0) {
    return (
      <div className={styles.outlook}>
        <p className={styles.label}>{words.courtesy.until}</p>
        <p className={styles.figure}>{formatCountdown(secondsLeft)}</p>
      </div>
    );
  }
  const label = courtesy.cause === 'paused' ? words.courtesy.pausedFor : words.courtesy.since;
  return courtesy.since === null ? null : <ForOutlook label={label} since={courtesy.since} />;
}

function ForOutlook({ label, since }: { label: string; since: string }) {
  return (
    <div className={styles.outlook}>
      <p className={styles.label}>{label}</p>
      <p className={styles.figure}>{formatDuration((useNow() - Date.parse(since)) / 1000)}</p>
    </div>
  );
}

function WorkOutlook({ status, current }: { status: Status; current: NonNullable<QueueStatus['current']> }) {
  const { queue, idle } = status;
  const prompt = queue.items.find(({ promptId }) => promptId === current.promptId);
  const share = queueProgress(current);
  return (
    <div className={styles.outlook}>
      <p className={styles.label}>{words.state.workingOn(prompt === undefined ? '' : formatCount(prompt.number))}</p>
      <p className={styles.figure}>{formatPercent(share * 100)}</p>
      <Track share={share} />
      <p className={styles.note}>
        {idle.stopWhenDone ? words.state.thenSleeps : words.state.awakeForWork(queue.running, queue.pending)}
      </p>
    </div>
  );
}

/** Repeats the figure above it for the eye alone. */
function Track({ share }: { share: number }) {
  return (
    <div className={styles.track} aria-hidden="true">
      <div className={styles.left} style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
