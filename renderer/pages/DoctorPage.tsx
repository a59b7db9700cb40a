/** The doctor's report: what was checked, what was found, what to do. */
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleDashed, Stethoscope, TriangleAlert } from 'lucide-react';
import type { DoctorCheck, DoctorReport } from '../../contract/doctor.ts';
import { fetchDoctorReport } from '../api.ts';
import { Button } from '../components/Button.tsx';
import { CopyButton } from '../components/CopyButton.tsx';
import { Notice } from '../components/Notice.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { EmptyNote } from '../components/Section.tsx';
import { useStatus } from '../hooks/live.tsx';
import { checksByUrgency, countOutcomes, reportAsText } from '../lib/doctor-report.ts';
import { failureWords } from '../lib/engine-sentences.ts';
import { formatClockSeconds } from '../lib/format.ts';
import { keys } from '../live-cache.ts';
import { engineLanguage, words } from '../words.ts';
import styles from './DoctorPage.module.css';

const ICONS = { ok: CircleCheck, warning: TriangleAlert, problem: CircleAlert, skipped: CircleDashed } as const;

export function DoctorPage() {
  const version = useStatus()?.version ?? null;
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: keys.doctor,
    queryFn: fetchDoctorReport,
    // A report is of its moment: run anew only when asked.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (
    <div className={styles.page}>
      <PageHead
        title={words.doctor.heading}
        line={isFetching ? words.doctor.running : data === undefined ? words.doctor.intro : summary(data)}
        lineRole="status"
      >
        {data !== undefined && <CopyButton text={() => reportAsText(data, version)} label={words.doctor.copy} />}
        <Button busy={isFetching} icon={<Stethoscope aria-hidden />} onClick={() => void refetch()}>
          {isFetching ? words.doctor.running : words.doctor.run}
        </Button>
      </PageHead>
      {error !== null && (
        <Notice tone="danger" role="alert">
          {words.doctor.failed} {failureWords(error)}
        </Notice>
      )}
      {data === undefined && isFetching && <EmptyNote>{words.doctor.intro}</EmptyNote>}
      {data !== undefined && (
        <ol className={styles.checks} data-busy={isFetching || undefined}>
          {checksByUrgency(data.checks).map((check) => (
            <Check key={check.id} check={check} />
          ))}
        </ol>
      )}
    </div>
  );
}

function summary(report: DoctorReport): string {
  const { problem, warning, ok } = countOutcomes(report.checks);
  const result = problem + warning === 0 ? words.doctor.allFine(ok) : words.doctor.counts(problem, warning, ok);
  return `${result} · ${words.doctor.at(formatClockSeconds(report.at))}`;
}

function Check({ check }: { check: DoctorCheck }) {
  const Icon = ICONS[check.outcome];
  return (
    <li className={styles.check} data-outcome={check.outcome}>
      <Icon className={styles.icon} aria-hidden />
      <h2 className={styles.name}>
        <span lang={engineLanguage}>{check.title}</span>
        <span className="visuallyHidden">: {words.doctor.outcome[check.outcome]}</span>
      </h2>
      <div className={styles.said} lang={engineLanguage}>
        <p>{check.finding}</p>
        {check.advice !== null && <p className={styles.advice}>{check.advice}</p>}
      </div>
    </li>
  );
}
