/** Who has, or soon gets, the card, and what waits for it: under the state, while somebody else comes first. */
import type { Status } from '../../contract/status.ts';
import { useNow } from '../hooks/live.tsx';
import { courtesyReason } from '../lib/engine-sentences.ts';
import { formatMoment } from '../lib/format.ts';
import { engineLanguage, words } from '../words.ts';
import styles from './CourtesyDetails.module.css';

const told = words.courtesy;

export function CourtesyDetails({ courtesy }: { courtesy: Status['courtesy'] }) {
  const { state, cause, parkedPrompts, leases, reason } = courtesy;
  if (state === 'none') return null;
  const draining = state === 'draining';
  return (
    <div className={styles.courtesy}>
      {draining && (
        <p>
          {courtesyReason(courtesy)} {told.draining}
        </p>
      )}
      {/* Translated, the sentence no longer names the program: the engine's own does. */}
      {engineLanguage !== undefined && reason !== null && (cause === 'program' || cause === 'foreignVram') && (
        <p className={styles.muted} lang={engineLanguage}>
          {reason}
        </p>
      )}
      {parkedPrompts > 0 && <p>{told.kept(parkedPrompts)}</p>}
      {leases.length > 0 && (
        <>
          <h2 className={styles.heading}>{told.leases}</h2>
          <ul className={styles.leases}>
            {leases.map((lease) => (
              <li key={lease.id} className={styles.lease}>
                <span>{told.lease(lease.owner, lease.reason)}</span>
                <span className={styles.muted}>{lease.granted ? <LeaseEnd until={lease.until} /> : told.waits}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {!draining && cause !== 'paused' && <p className={styles.muted}>{told.resumeHint}</p>}
    </div>
  );
}

function LeaseEnd({ until }: { until: string }) {
  return told.leaseUntil(formatMoment(Date.parse(until), useNow()));
}
