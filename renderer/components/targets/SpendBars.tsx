/** What an endpoint has cost today and this month, against its limits: booked, held for jobs in flight, left. */
import type { Endpoint } from '../../../contract/endpoints.ts';
import { formatMoney } from '../../lib/money.ts';
import { spendBar } from '../../lib/spend-bar.ts';
import { words } from '../../words.ts';
import styles from './SpendBars.module.css';

export function SpendBars({ endpoint }: { endpoint: Endpoint }) {
  const { spend, capPerDay, capPerMonth, capPerJob } = endpoint;
  const told = words.endpoints.spend;
  const reached = isReached(spend.today, capPerDay) || isReached(spend.month, capPerMonth);
  return (
    <div className={styles.spend}>
      <Bar name={told.today} spent={spend.today} reserved={spend.reserved} cap={capPerDay} />
      <Bar name={told.month} spent={spend.month} reserved={spend.reserved} cap={capPerMonth} />
      <p className={styles.note}>
        {[
          reached ? told.reached : '',
          spend.reserved > 0 ? told.reserved(formatMoney(spend.reserved)) : '',
          capPerJob === null ? '' : told.perJob(formatMoney(capPerJob)),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  );
}

const isReached = (spent: number, cap: number | null): boolean => cap !== null && spent >= cap;

function Bar({ name, spent, reserved, cap }: { name: string; spent: number; reserved: number; cap: number | null }) {
  const told = words.endpoints.spend;
  const sum = cap === null ? formatMoney(spent) : told.of(formatMoney(spent), formatMoney(cap));
  const parts = cap === null ? null : spendBar(spent, reserved, cap);
  return (
    <div className={styles.line}>
      <span className={styles.name}>{name}</span>
      <span className={styles.sum}>
        {sum}
        {cap === null && <span className={styles.none}> {told.noCap}</span>}
      </span>
      {parts !== null && (
        <span className={styles.bar} data-tone={parts.tone} aria-hidden>
          <span className={styles.booked} style={{ width: `${parts.booked}%` }} />
          <span className={styles.reserved} style={{ width: `${parts.reserved}%` }} />
        </span>
      )}
    </div>
  );
}
