/** A small picture of what an ended job made; its place is kept where there is none, so that rows do not move. Decoration: the title says it. */
import { useState } from 'react';
import type { JobSummary } from '../../contract/jobs.ts';
import { JobLink } from '../hooks/navigation.tsx';
import { thumbnailAddress } from '../jobs-api.ts';
import { endedAt } from '../lib/job-sentence.ts';
import styles from './JobThumbnail.module.css';

export function JobThumbnail({ job }: { job: JobSummary }) {
  const at = endedAt(job);
  const address = job.outputs === 0 || at === null ? null : thumbnailAddress(job.id, at);
  /** By address: a job that was run again has another. */
  const [broken, setBroken] = useState<string | null>(null);
  if (address === null) return <span className={styles.place} data-none />;
  if (address === broken) return <span className={styles.place} />;
  return (
    <JobLink id={job.id} className={styles.place} tabIndex={-1} aria-hidden>
      <img
        className={styles.picture}
        src={address}
        alt=""
        width={42}
        height={42}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setBroken(address)}
      />
    </JobLink>
  );
}
