/** What happened to a job, oldest first, as the engine wrote it down. */
import type { Job } from '../../contract/jobs.ts';
import { useNow } from '../hooks/live.tsx';
import { formatClockSeconds, formatMoment } from '../lib/format.ts';
import { engineLanguage, words } from '../words.ts';
import styles from './JobTimeline.module.css';
import { Section } from './Section.tsx';

const DAY_MS = 86_400_000;

export function JobTimeline({ timeline }: { timeline: Job['timeline'] }) {
  const now = useNow();
  if (timeline.length === 0) return null;
  return (
    <Section title={words.jobs.page.timeline}>
      <ol className={styles.timeline}>
        {timeline.map(({ at, message }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are only ever added at the end.
          <li key={index} className={styles.entry}>
            <time className={styles.time} dateTime={new Date(at).toISOString()}>
              {now - at < DAY_MS ? formatClockSeconds(at) : formatMoment(at, now)}
            </time>
            <span lang={engineLanguage}>{message}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
