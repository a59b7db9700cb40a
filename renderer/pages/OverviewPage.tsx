/** The whole picture on one page: state first, then the card, the queue, and what happened. */
import type { Status } from '../../contract/status.ts';
import { FactsFooter } from '../components/FactsFooter.tsx';
import { GpuSection } from '../components/GpuSection.tsx';
import { HappeningsSection } from '../components/HappeningsSection.tsx';
import { QueueSection } from '../components/QueueSection.tsx';
import { SetupPanel } from '../components/SetupPanel.tsx';
import { StateHero } from '../components/StateHero.tsx';
import { useGpuSnapshot } from '../hooks/live.tsx';
import { moodOf } from '../lib/mood.ts';
import styles from './OverviewPage.module.css';

export function OverviewPage({ status, live }: { status: Status; live: boolean }) {
  const { gpus, note } = useGpuSnapshot(status);
  const unconfigured = moodOf(status) === 'unconfigured';
  return (
    <div className={styles.page}>
      {unconfigured ? <SetupPanel live={live} /> : <StateHero status={status} gpus={gpus} live={live} />}
      <div className={styles.columns}>
        <GpuSection gpus={gpus} note={note} />
        <div className={styles.side}>
          {!unconfigured && <QueueSection status={status} />}
          <HappeningsSection />
        </div>
      </div>
      <FactsFooter status={status} />
    </div>
  );
}
