/** How a target is, in a few words with a dot; and, after trouble with it, why it rests and when it is tried again. */
import type { ReactNode } from 'react';
import type { TargetStatus } from '../../../contract/targets.ts';
import { useNow } from '../../hooks/live.tsx';
import { formatCountdown } from '../../lib/format.ts';
import { engineLanguage, words } from '../../words.ts';
import styles from './TargetState.module.css';

export type TargetTone = 'good' | 'attention' | 'unknown';

export function TargetState({ tone, children }: { tone: TargetTone; children: ReactNode }) {
  return (
    <span className={styles.state} data-tone={tone}>
      {children}
    </span>
  );
}

/** It gave no answer several times in a row. */
export const hasTrouble = (status: TargetStatus | undefined): status is TargetStatus & { readonly retryAt: number } =>
  status?.retryAt != null;

export function TroubleState({ status }: { status: TargetStatus & { readonly retryAt: number } }) {
  const told = words.targets;
  if (status.refusal === null) return <TargetState tone="attention">{told.triedNext}</TargetState>;
  return (
    <TargetState tone="attention">
      {told.trouble}, <Until at={status.retryAt} />
    </TargetState>
  );
}

/** The engine's own sentence: what the trouble was. */
export function TroubleReason({ status }: { status: TargetStatus | undefined }) {
  return !hasTrouble(status) || status.refusal === null ? null : (
    <p className={styles.reason} lang={engineLanguage}>
      {status.refusal}
    </p>
  );
}

function Until({ at }: { at: number }) {
  return <span className={styles.countdown}>{words.targets.triedIn(formatCountdown((at - useNow()) / 1000))}</span>;
}
