/** Where and when a job ran and what it cost, as a list of names and values. */
import type { ReactNode } from 'react';
import type { Job } from '../../contract/jobs.ts';
import { useNow } from '../hooks/live.tsx';
import { formatCountdown, formatDuration, formatMoment } from '../lib/format.ts';
import { endedAt, secondsTaken, targetWords } from '../lib/job-sentence.ts';
import { formatMoney } from '../lib/money.ts';
import { words } from '../words.ts';
import styles from './JobFacts.module.css';
import { Section } from './Section.tsx';

export function JobFacts({ job }: { job: Job }) {
  const said = words.jobs.page;
  const end = endedAt(job);
  const taken = secondsTaken(job);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [said.target, targetWords(job.ranOn ?? job.wantedTarget)],
    [said.wanted, job.ranOn === null || job.ranOn === job.wantedTarget ? null : targetWords(job.wantedTarget)],
    [said.queued, <Moment key="queued" at={job.createdAt} />],
    [said.started, job.startedAt === null ? null : <Moment key="started" at={job.startedAt} />],
    [said.waited, job.startedAt === null ? null : formatDuration((job.startedAt - job.createdAt) / 1000)],
    [said.ended, end === null ? null : <Moment key="ended" at={end} />],
    [
      said.duration,
      job.state.kind === 'running' ? (
        <Elapsed key="duration" since={job.state.since} />
      ) : taken === null ? null : (
        formatDuration(taken)
      ),
    ],
    [said.cost, job.costMicroDollars === null ? null : `${formatMoney(job.costMicroDollars)} ${said.costHint}`],
    [said.priority, job.priority === 0 ? null : job.priority],
    [said.tags, job.tags.length === 0 ? null : job.tags.join(', ')],
    [said.user, job.userId],
    [said.id, <code key="id">{job.id}</code>],
  ];
  return (
    <Section title={said.facts}>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name} className={styles.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Section>
  );
}

function Moment({ at }: { at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{formatMoment(at, useNow())}</time>;
}

function Elapsed({ since }: { since: number }) {
  return <>{formatCountdown(Math.floor((useNow() - since) / 1000))}</>;
}
