/** How a job is, at a glance; its words stand beside it. */
import { Ban, CircleAlert, CircleCheck, CirclePlay, Clock } from 'lucide-react';
import type { JobStateName } from '../../contract/jobs.ts';
import styles from './JobIcon.module.css';

const ICONS = {
  queued: Clock,
  running: CirclePlay,
  completed: CircleCheck,
  failed: CircleAlert,
  cancelled: Ban,
} as const satisfies Record<JobStateName, unknown>;

export function JobIcon({ state }: { state: JobStateName }) {
  const Icon = ICONS[state];
  return <Icon className={styles.icon} data-state={state} aria-hidden />;
}
