/** What can be done with all the chosen jobs at once. Stays in sight while the list scrolls. */
import { ArrowUpRight, X } from 'lucide-react';
import type { JobSummary } from '../../contract/jobs.ts';
import type { TargetStatus } from '../../contract/targets.ts';
import type { JobDeeds } from '../hooks/job-deeds.ts';
import { allows, type JobDeed } from '../lib/job-deed.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import styles from './JobSelectionBar.module.css';
import { Menu } from './Menu.tsx';

const PLAIN = ['cancel', 'retry', 'bringBack', 'delete'] as const satisfies readonly JobDeed[];

export function JobSelectionBar({
  jobs,
  targets,
  deeds,
  onClear,
}: {
  jobs: readonly JobSummary[];
  targets: readonly TargetStatus[];
  deeds: JobDeeds;
  onClear: () => void;
}) {
  const thoseFor = (deed: JobDeed): JobSummary[] => jobs.filter((job) => allows(job, deed));
  const movable = thoseFor('offload');
  return (
    <section className={styles.bar} aria-label={words.jobs.selected(jobs.length)}>
      <strong className={styles.count} role="status">
        {words.jobs.selected(jobs.length)}
      </strong>
      {PLAIN.map((deed) => {
        const fitting = thoseFor(deed);
        return fitting.length === 0 ? null : (
          <Button key={deed} busy={deeds.busy} onClick={() => deeds.run(deed, fitting)}>
            {words.jobs[deed]}
            {fitting.length < jobs.length && ` (${fitting.length})`}
          </Button>
        );
      })}
      {targets.length > 0 && movable.length > 0 && (
        <Menu
          label={words.jobs.runOn}
          icon={<ArrowUpRight aria-hidden />}
          busy={deeds.busy}
          commands={targets.map(({ name }) => ({
            id: name,
            label: name,
            run: () => deeds.run('offload', movable, name),
          }))}
        />
      )}
      <Button
        weight="quiet"
        className={styles.clear}
        icon={<X aria-hidden />}
        aria-label={words.jobs.clearSelection}
        title={words.jobs.clearSelection}
        onClick={onClear}
      />
    </section>
  );
}
