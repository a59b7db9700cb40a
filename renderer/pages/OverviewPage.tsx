/** The whole picture on one page: state first, then the card, the queue, and what happened. */
import type { Status } from '../../contract/status.ts';
import { FactsFooter } from '../components/FactsFooter.tsx';
import { GpuSection } from '../components/GpuSection.tsx';
import { HappeningsSection } from '../components/HappeningsSection.tsx';
import { HistorySection } from '../components/HistorySection.tsx';
import { QueueSection } from '../components/QueueSection.tsx';
import { SetupPanel } from '../components/SetupPanel.tsx';
import { StateHero } from '../components/StateHero.tsx';
import { useGpuSnapshot } from '../hooks/live.tsx';
import { moodOf } from '../lib/mood.ts';
import styles from './OverviewPage.module.css';

export function OverviewPage({ status, live }: { status: Status; live: boolean }) {
  const { gpus, note } = useGpuSnapshot(status);
  if (moodOf(status) === 'unconfigured') {
    return (
      <div className={styles.page}>
        <SetupPanel live={live} />
        <GpuSection gpus={gpus} note={note} />
        <FactsFooter status={status} />
      </div>
    );
  }
  return (
    <div className={styles.page}>
      <StateHero status={status} gpus={gpus} live={live} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <div className={styles.cards}>
            <GpuSection gpus={gpus} note={note} />
          </div>
          {gpus.length > 0 && (
            <div className={styles.history}>
              <HistorySection />
            </div>
          )}
        </div>
        <div className={styles.column}>
          <div className={styles.queue}>
            <QueueSection status={status} />
          </div>
          <div className={styles.recent}>
            <HappeningsSection />
          </div>
        </div>
      </div>
      <FactsFooter status={status} />
    </div>
  );
}
