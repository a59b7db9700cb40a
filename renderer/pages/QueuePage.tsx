/** Everything queued in one list, local and remote: what runs, what waits in its order, what has ended. */
import { useMemo } from 'react';
import type { JobCounts } from '../../contract/jobs.ts';
import { Button } from '../components/Button.tsx';
import { CopyButton } from '../components/CopyButton.tsx';
import { JobFilters } from '../components/JobFilters.tsx';
import { JobList } from '../components/JobList.tsx';
import { JobQuestion } from '../components/JobQuestion.tsx';
import { JobReport } from '../components/JobReport.tsx';
import { JobSelectionBar } from '../components/JobSelectionBar.tsx';
import { Notice } from '../components/Notice.tsx';
import { OpenComfyui } from '../components/OpenComfyui.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { EmptyNote } from '../components/Section.tsx';
import { useJobDeeds } from '../hooks/job-deeds.ts';
import { type JobListPart, useJobCounts, useJobList, useOtherTargets } from '../hooks/job-list.ts';
import { useJobSelection } from '../hooks/job-selection.ts';
import { useStatus } from '../hooks/live.tsx';
import { replaceSearch, useSearch } from '../hooks/navigation.tsx';
import { failureWords } from '../lib/engine-sentences.ts';
import {
  filterFrom,
  isFiltered,
  JOB_GROUPS,
  type JobFilter,
  type JobGroup,
  NO_FILTER,
  searchOf,
} from '../lib/job-group.ts';
import { words } from '../words.ts';
import styles from './QueuePage.module.css';

export function QueuePage() {
  const search = useSearch();
  const filter = useMemo(() => filterFrom(search), [search]);
  const parts = {
    running: useJobList('running', filter),
    waiting: useJobList('waiting', filter),
    ended: useJobList('ended', filter),
  };
  const counts = useJobCounts(parts.ended.counts ?? parts.waiting.counts ?? parts.running.counts);
  const targets = useOtherTargets();
  const shown = useMemo(
    () => [parts.running.jobs, parts.waiting.jobs, parts.ended.jobs],
    [parts.running.jobs, parts.waiting.jobs, parts.ended.jobs],
  );
  const chosen = useJobSelection(filter, shown);
  const deeds = useJobDeeds(chosen.drop);
  const remote = useStatus()?.jobs.remote ?? 0;

  const all = Object.values(parts);
  const failed = all.find(({ error }) => error !== null);
  const loading = all.some((part) => part.loading);
  const empty = !loading && failed === undefined && shown.every((jobs) => jobs.length === 0);
  const nothingAtAll = empty && !isFiltered(filter);

  return (
    <div className={styles.page}>
      <PageHead
        title={words.page.queue}
        line={counts === undefined ? KEPT_LINE : words.jobs.summary(counts.running, counts.queued)}
      >
        {remote > 0 && (
          <Button busy={deeds.busy} onClick={deeds.cancelRemote}>
            {words.jobs.cancelRemote}
          </Button>
        )}
      </PageHead>
      {!nothingAtAll && <JobFilters filter={filter} counts={counts} targets={targets} onChange={change} />}
      <JobReport deeds={deeds} />
      {failed?.error != null && (
        <Notice tone="danger" role="alert" actions={<Button onClick={failed.retry}>{words.jobs.tryAgain}</Button>}>
          {words.jobs.listFailed} {failureWords(failed.error)}
        </Notice>
      )}
      {loading && failed === undefined && <EmptyNote>{words.loading}</EmptyNote>}
      {nothingAtAll && <NothingYet />}
      {empty && !nothingAtAll && (
        <div className={styles.nothing}>
          <p>{words.jobs.noMatch}</p>
          <Button onClick={() => change(NO_FILTER)}>{words.jobs.clearFilter}</Button>
        </div>
      )}
      <div className={styles.lists}>
        {JOB_GROUPS.map((group) => (
          <JobList
            key={group}
            group={group}
            part={parts[group]}
            filter={filter}
            deeds={deeds}
            targets={targets}
            selection={chosen.selection}
            total={totalOf(group, parts[group], filter, counts)}
            // What comes after a long part must not lie a hundred rows below.
            onShowAll={filter.state === null && group !== 'ended' ? () => change({ state: STATE_OF[group] }) : null}
            onTag={(tag) => change({ tag })}
          />
        ))}
      </div>
      {chosen.jobs.length > 0 && (
        <JobSelectionBar jobs={chosen.jobs} targets={targets} deeds={deeds} onClear={chosen.clear} />
      )}
      <JobQuestion deeds={deeds} />
    </div>
  );
}

/** Until it is known: nothing moves when it comes. */
const KEPT_LINE = '\u00a0';
const STATE_OF = { running: 'running', waiting: 'queued' } as const;

/** The engine counts what there is of each state, whatever else is filtered by. */
function totalOf(
  group: JobGroup,
  part: JobListPart,
  filter: JobFilter,
  counts: JobCounts | undefined,
): number | undefined {
  if (!part.hasMore) return part.jobs.length;
  const countsFit = !isFiltered({ ...filter, state: null });
  return countsFit && group !== 'ended' ? counts?.[STATE_OF[group]] : undefined;
}

/** From the address as it is now: the search is told of a moment after it was typed. */
function change(wanted: Partial<JobFilter>): void {
  replaceSearch(searchOf({ ...filterFrom(window.location.search), ...wanted }));
}

function NothingYet() {
  return (
    <div className={styles.nothing}>
      <h2 className={styles.nothingTitle}>{words.jobs.empty}</h2>
      <p>{words.jobs.emptyHint}</p>
      <p className={styles.command}>
        <code>{words.jobs.emptyCommand}</code>
        <CopyButton text={() => words.jobs.emptyCommand} />
      </p>
      <OpenComfyui />
    </div>
  );
}
