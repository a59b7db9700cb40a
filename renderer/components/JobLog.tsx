/** What the local ComfyUI printed while a job ran, if that is still kept. Read only when it is opened. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Job } from '../../contract/jobs.ts';
import { endedAt } from '../lib/job-sentence.ts';
import { keys, loadLog } from '../live-cache.ts';
import { words } from '../words.ts';
import styles from './JobLog.module.css';
import { EmptyNote } from './Section.tsx';

/** The last lines of a job are read a moment after its end is known. */
const AFTER_MS = 2000;

export function JobLog({ job }: { job: Job }) {
  const [open, setOpen] = useState(false);
  if (job.ranOn !== 'local' || job.startedAt === null) return null;
  return (
    <details className={styles.log} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.jobs.page.log}</summary>
      {open && <Lines from={job.startedAt} to={(endedAt(job) ?? Number.POSITIVE_INFINITY) + AFTER_MS} />}
    </details>
  );
}

function Lines({ from, to }: { from: number; to: number }) {
  const cache = useQueryClient();
  const { data, isError } = useQuery({ queryKey: keys.log, queryFn: () => loadLog(cache), staleTime: 0 });
  if (data === undefined) return <EmptyNote>{isError ? words.jobs.page.logFailed : words.loading}</EmptyNote>;
  const lines = data.lines.filter(({ at }) => at >= from && at <= to);
  return lines.length === 0 ? (
    <EmptyNote>{words.jobs.page.noLog}</EmptyNote>
  ) : (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard.
    <pre className={styles.lines} tabIndex={0}>
      {lines.map(({ text }) => text).join('\n')}
    </pre>
  );
}
