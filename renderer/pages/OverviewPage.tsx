/** The whole picture on one page: state first, then the card, the queue, and what happened. */
import { useQuery } from '@tanstack/react-query';
import type { Status } from '../../contract/status.ts';
import { fetchGpuHistory } from '../api.ts';
import { FactsFooter } from '../components/FactsFooter.tsx';
import { GpuSection } from '../components/GpuSection.tsx';
import { HappeningsSection } from '../components/HappeningsSection.tsx';
import { HistorySection } from '../components/HistorySection.tsx';
import { QueueSection } from '../components/QueueSection.tsx';
import { SavingsLine } from '../components/SavingsLine.tsx';
import { SetupPanel } from '../components/SetupPanel.tsx';
import { StateHero } from '../components/StateHero.tsx';
import { useGpuSnapshot } from '../hooks/live.tsx';
import { moodOf } from '../lib/mood.ts';
import { keys } from '../live-cache.ts';
import styles from './OverviewPage.module.css';

export function OverviewPage({ status, live }: { status: Status; live: boolean }) {
  const { gpus, note } = useGpuSnapshot(status);
  const hasCards = useHasCards(gpus.length);
  const cards = <GpuSection gpus={gpus} note={note} />;
  if (moodOf(status) === 'unconfigured') {
    return (
      <div className={styles.page}>
        <SetupPanel live={live} />
        <div className={styles.beside}>{cards}</div>
        <FactsFooter status={status} />
      </div>
    );
  }
  const queue = <QueueSection status={status} />;
  return (
    <div className={styles.page}>
      <StateHero status={status} gpus={gpus} live={live} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <div className={styles.first}>{hasCards ? cards : queue}</div>
          <div className={styles.third}>{hasCards ? <HistorySection /> : cards}</div>
        </div>
        <div className={styles.column}>
          {hasCards && <div className={styles.second}>{queue}</div>}
          <div className={styles.last}>
            <HappeningsSection />
          </div>
        </div>
      </div>
      <SavingsLine />
      <FactsFooter status={status} />
    </div>
  );
}

/** Some sources tell of cards only while ComfyUI runs: a card measured within the day is there, and the page keeps its shape. */
function useHasCards(measuredNow: number): boolean {
  const { data } = useQuery({
    queryKey: keys.gpuHistory('day'),
    queryFn: () => fetchGpuHistory('day'),
    enabled: measuredNow === 0,
  });
  return measuredNow > 0 || (data?.gpus.length ?? 0) > 0;
}
