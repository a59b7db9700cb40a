/** What came of a job: pictures as pictures, everything else by its name. Each opens in a tab of its own. */
import { File } from 'lucide-react';
import type { Job, JobOutput } from '../../contract/jobs.ts';
import { outputAddress } from '../jobs-api.ts';
import { formatFileSize } from '../lib/format.ts';
import { words } from '../words.ts';
import styles from './JobOutputs.module.css';
import { EmptyNote, Section } from './Section.tsx';

export function JobOutputs({ job }: { job: Job }) {
  const over = job.state.kind !== 'queued' && job.state.kind !== 'running';
  return (
    <Section title={words.jobs.page.outputs}>
      {job.files.length === 0 ? (
        <EmptyNote>{over ? words.jobs.page.noOutputs : words.jobs.page.noOutputsYet}</EmptyNote>
      ) : (
        <ul className={styles.outputs}>
          {job.files.map((file) => (
            <li key={file.n}>
              <Output id={job.id} file={file} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Output({ id, file }: { id: string; file: JobOutput }) {
  const address = outputAddress(id, file.n);
  const { filename, type, bytes } = file;
  return (
    <a className={styles.output} href={address} target="_blank" rel="noreferrer">
      {type.startsWith('image/') ? (
        <img className={styles.picture} src={address} alt="" loading="lazy" decoding="async" />
      ) : (
        <span className={styles.picture}>
          <File aria-hidden />
        </span>
      )}
      <span className={styles.name}>{filename}</span>
      <span className={styles.size}>{formatFileSize(bytes)}</span>
      <span className="visuallyHidden">{words.opensNewTab}</span>
    </a>
  );
}
