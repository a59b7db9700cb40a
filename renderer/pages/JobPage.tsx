/** One job: how it is, what came of it, what it was made of, and what can be done with it. */
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, MonitorUp, RotateCw, Trash2, X } from 'lucide-react';
import type { Job } from '../../contract/jobs.ts';
import { Button } from '../components/Button.tsx';
import { JobFacts } from '../components/JobFacts.tsx';
import { JobIcon } from '../components/JobIcon.tsx';
import { JobInputs } from '../components/JobInputs.tsx';
import { JobLog } from '../components/JobLog.tsx';
import { retryElsewhereCommands } from '../components/JobMenu.tsx';
import { JobOutputs } from '../components/JobOutputs.tsx';
import { JobPreview } from '../components/JobPreview.tsx';
import { JobQuestion } from '../components/JobQuestion.tsx';
import { JobReport } from '../components/JobReport.tsx';
import { JobTimeline } from '../components/JobTimeline.tsx';
import { Menu } from '../components/Menu.tsx';
import { NodeProgress } from '../components/NodeProgress.tsx';
import { Notice } from '../components/Notice.tsx';
import { EmptyNote } from '../components/Section.tsx';
import { type JobDeeds, useJobDeeds } from '../hooks/job-deeds.ts';
import { useOtherTargets } from '../hooks/job-list.ts';
import { PageLink, usePath } from '../hooks/navigation.tsx';
import { fetchJob } from '../jobs-api.ts';
import { ApiError } from '../lib/api-error.ts';
import { errorText, failureWords } from '../lib/engine-sentences.ts';
import { allows } from '../lib/job-deed.ts';
import { searchOf } from '../lib/job-group.ts';
import { isPainting, jobTitle, placeWords, stateWords } from '../lib/job-sentence.ts';
import { jobIdOf } from '../lib/route.ts';
import { jobKeys } from '../live-jobs.ts';
import { engineLanguage, words } from '../words.ts';
import styles from './JobPage.module.css';

export function JobPage() {
  const id = jobIdOf(usePath()) ?? '';
  const { data, error, refetch } = useQuery({
    queryKey: jobKeys.job(id),
    queryFn: () => fetchJob(id),
    retry: false,
    staleTime: 0,
    gcTime: 60_000,
  });
  const missing = error instanceof ApiError && error.code === 'job_not_found';
  const job = missing ? undefined : data;
  const deeds = useJobDeeds();
  return (
    <div className={styles.page}>
      <PageLink page="queue" className={styles.back}>
        <ArrowLeft aria-hidden />
        {words.jobs.page.back}
      </PageLink>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h1 className={styles.title} tabIndex={-1}>
            {job === undefined ? words.page.job : jobTitle(job)}
          </h1>
          {job !== undefined && <JobState job={job} />}
        </div>
        {job !== undefined && <JobActions job={job} deeds={deeds} />}
      </header>
      <JobReport deeds={deeds} />
      {missing && <EmptyNote>{words.jobs.page.missing}</EmptyNote>}
      {job === undefined && error === null && <EmptyNote>{words.loading}</EmptyNote>}
      {error !== null && !missing && (
        <Notice
          tone="danger"
          role="alert"
          actions={<Button onClick={() => void refetch()}>{words.jobs.tryAgain}</Button>}
        >
          {words.jobs.page.failed} {failureWords(error)}
        </Notice>
      )}
      {job !== undefined && <Whole job={job} />}
      <JobQuestion deeds={deeds} />
    </div>
  );
}

function JobState({ job }: { job: Job }) {
  const place = placeWords(job);
  return (
    <p className={styles.state} role="status">
      <JobIcon state={job.state.kind} />
      {stateWords(job)}
      {place !== null && <span className={styles.place}>{place}</span>}
    </p>
  );
}

function Whole({ job }: { job: Job }) {
  return (
    <>
      <JobProblem job={job} />
      {isPainting(job) && (
        <div className={styles.live}>
          {job.progress !== null && <NodeProgress progress={job.progress} label={words.jobs.progress(jobTitle(job))} />}
          <JobPreview id={job.id} size="page" />
        </div>
      )}
      <div className={styles.columns}>
        <div className={styles.column}>
          <JobOutputs job={job} />
          <JobTimeline timeline={job.timeline} />
          <JobLog job={job} />
        </div>
        <div className={styles.column}>
          <JobFacts job={job} />
          <JobInputs job={job} />
        </div>
      </div>
    </>
  );
}

function JobActions({ job, deeds }: { job: Job; deeds: JobDeeds }) {
  const targets = useOtherTargets();
  const elsewhere = retryElsewhereCommands(job, deeds, targets);
  const { busy } = deeds;
  return (
    <div className={styles.actions}>
      {allows(job, 'retry') && (
        <Button weight="primary" busy={busy} icon={<RotateCw aria-hidden />} onClick={() => deeds.run('retry', [job])}>
          {words.jobs.retry}
        </Button>
      )}
      {elsewhere.length > 0 && (
        <Menu
          label={words.jobs.page.retryElsewhere}
          icon={<MonitorUp aria-hidden />}
          busy={busy}
          commands={elsewhere}
        />
      )}
      {allows(job, 'offload') && targets.length > 0 && (
        <Menu
          label={words.jobs.runOn}
          icon={<MonitorUp aria-hidden />}
          busy={busy}
          commands={targets.map(({ name }) => ({
            id: name,
            label: name,
            run: () => deeds.run('offload', [job], name),
          }))}
        />
      )}
      {allows(job, 'bringBack') && (
        <Button busy={busy} onClick={() => deeds.run('bringBack', [job])}>
          {words.jobs.bringBack}
        </Button>
      )}
      {allows(job, 'cancel') && (
        <Button busy={busy} icon={<X aria-hidden />} onClick={() => deeds.run('cancel', [job])}>
          {words.jobs.cancel}
        </Button>
      )}
      {allows(job, 'delete') && (
        <Button busy={busy} icon={<Trash2 aria-hidden />} onClick={() => deeds.run('delete', [job])}>
          {words.jobs.delete}
        </Button>
      )}
      <PageLink page="queue" search={searchOf({ search: job.id })} className={styles.inList}>
        {words.jobs.page.inList}
      </PageLink>
    </div>
  );
}

/** What went wrong with what to do about it, or why it waits. */
function JobProblem({ job: { state, note } }: { job: Job }) {
  if (state.kind !== 'failed') {
    return note === null ? null : (
      <Notice tone="warning">
        <span lang={engineLanguage}>{note}</span>
      </Notice>
    );
  }
  const { message, detail, next } = errorText(state.error.code, state.error.message, state.error.next);
  return (
    <Notice tone="danger">
      <p>
        {message}
        {detail !== null && <span lang={engineLanguage}> {detail}</span>}
      </p>
      {next !== null && (
        <p>
          {words.problem.next} {next}
        </p>
      )}
    </Notice>
  );
}
