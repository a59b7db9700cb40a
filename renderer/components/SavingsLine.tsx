/** One quiet line: what sleeping has saved so far, and what remote work has cost. Nothing to tell, nothing shown. */
import { useQuery } from '@tanstack/react-query';
import { fetchSavings } from '../api.ts';
import { savingsSentences } from '../lib/savings-sentences.ts';
import { keys } from '../live-cache.ts';
import styles from './SavingsLine.module.css';

const EVERY_MS = 60_000;

export function SavingsLine() {
  const { data } = useQuery({ queryKey: keys.savings, queryFn: fetchSavings, refetchInterval: EVERY_MS, retry: false });
  const sentences = data === undefined ? [] : savingsSentences(data);
  return sentences.length === 0 ? null : <p className={styles.line}>{sentences.join(' ')}</p>;
}
