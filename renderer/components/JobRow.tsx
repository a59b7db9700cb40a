/** One job in the list: what it is, how it is and why, and what can be done with it. */
import type { ReactNode } from 'react';
import type { JobSummary } from '../../contract/jobs.ts';
import { useJobProgress } from '../hooks/job-list.ts';
import { useNow } from '../hooks/live.tsx';
import { JobLink } from '../hooks/navigation.tsx';
import { errorText } from '../lib/engine-sentences.ts';
import { formatCountdown, formatDuration, formatMoment } from '../lib/format.ts';
import { endedAt, isPainting, jobTitle, notBefore, placeWords, secondsTaken, stateWords } from '../lib/job-sentence.ts';
import { formatMoney } from '../lib/money.ts';
import { engineLanguage, words } from '../words.ts';
import { JobIcon } from './JobIcon.tsx';
import { JobPreview } from './JobPreview.tsx';
import styles from './JobRow.module.css';
import { JobThumbnail } from './JobThumbnail.tsx';
import { NodeProgress } from './NodeProgress.tsx';

export function JobRow({
  job,
  selected,
  onSelect,
  onTag,
  handle,
  menu,
}: {
  job: JobSummary;
  selected: boolean;
  /** @param range up to the one that was chosen before */
  onSelect: (range: boolean) => void;
  onTag: (tag: string) => void;
  /** To drag it by; a job that cannot be moved shows its state there. */
  handle: ReactNode;
  menu: ReactNode;
}) {
  const running = job.state.kind === 'running';
  return (
    <div className={styles.row} data-selected={selected || undefined}>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={selected}
          aria-label={words.jobs.select(jobTitle(job))}
          onChange={(event) => onSelect((event.nativeEvent as MouseEvent).shiftKey === true)}
        />
      </label>
      <span className={styles.icon}>{handle ?? <JobIcon state={job.state.kind} />}</span>
      {isPainting(job) && <JobPreview id={job.id} size="row" />}
      {endedAt(job) !== null && <JobThumbnail job={job} />}
      <div className={styles.main}>
        <JobLink id={job.id} className={styles.title}>
          {jobTitle(job)}
        </JobLink>
        <Meta job={job} onTag={onTag} />
        <Why job={job} />
        {running && <RunningProgress job={job} />}
      </div>
      <Side job={job} />
      <div className={styles.menu}>{menu}</div>
    </div>
  );
}

function Meta({ job, onTag }: { job: JobSummary; onTag: (tag: string) => void }) {
  const said = [
    placeWords(job),
    job.source === 'page' ? words.jobs.fromPage : null,
    words.jobs.nodes(job.nodeCount),
    job.outputs > 0 ? words.jobs.files(job.outputs) : null,
  ];
  return (
    <p className={styles.meta}>
      <span>{said.filter((part) => part !== null).join(' · ')}</span>
      {job.tags.map((tag) => (
        <button
          key={tag}
          type="button"
          className={styles.tag}
          title={words.jobs.onlyTag(tag)}
          aria-label={words.jobs.onlyTag(tag)}
          onClick={() => onTag(tag)}
        >
          {tag}
        </button>
      ))}
    </p>
  );
}

/** Why it waits, or what went wrong. */
function Why({ job }: { job: JobSummary }) {
  const { state, note } = job;
  if (state.kind === 'failed') {
    const { message, detail } = errorText(state.error.code, state.error.message, state.error.next);
    return (
      <p className={styles.error}>
        {message}
        {detail !== null && <span lang={engineLanguage}> {detail}</span>}
      </p>
    );
  }
  return note === null ? null : (
    <p className={styles.note} lang={engineLanguage}>
      {note}
    </p>
  );
}

function RunningProgress({ job }: { job: JobSummary }) {
  const progress = useJobProgress(job.id);
  return progress === null ? null : (
    <div className={styles.progress}>
      <NodeProgress progress={progress} label={words.jobs.progress(jobTitle(job))} />
    </div>
  );
}

function Side({ job }: { job: JobSummary }) {
  const taken = secondsTaken(job);
  const { state } = job;
  const end = endedAt(job);
  return (
    <div className={styles.side}>
      {/* What waits stands under that heading. */}
      {state.kind !== 'queued' && (
        <p className={styles.state} data-state={state.kind}>
          {stateWords(job)}
          {state.kind === 'running' && (
            <>
              {' '}
              <Elapsed since={state.since} />
            </>
          )}
        </p>
      )}
      <p className={styles.facts}>
        {job.costMicroDollars !== null && <span>{formatMoney(job.costMicroDollars)}</span>}
        {taken !== null && <span>{words.jobs.took(formatDuration(taken))}</span>}
        {state.kind === 'queued' && <WaitsSince job={job} />}
        {end !== null && <Moment at={end} />}
      </p>
    </div>
  );
}

function Elapsed({ since }: { since: number }) {
  return <span className={styles.elapsed}>{formatCountdown(Math.floor((useNow() - since) / 1000))}</span>;
}

function WaitsSince({ job }: { job: JobSummary }) {
  const now = useNow();
  const later = notBefore(job, now);
  return (
    <>
      {later !== null && <span>{later}</span>}
      <span>{words.jobs.queuedAt(formatMoment(job.createdAt, now))}</span>
    </>
  );
}

function Moment({ at }: { at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{formatMoment(at, useNow())}</time>;
}
