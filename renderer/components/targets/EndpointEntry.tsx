/** One endpoint of the list: state, price, spend, what its test says, what it is known to have. */
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Endpoint, PAUSED_BY_USER } from '../../../contract/endpoints.ts';
import type { TargetStatus } from '../../../contract/targets.ts';
import { type HealthWords, healthWords } from '../../lib/endpoint-health.ts';
import { failureWords } from '../../lib/engine-sentences.ts';
import { formatExactDuration } from '../../lib/format.ts';
import { formatExactMoney, formatMoney } from '../../lib/money.ts';
import { pauseEndpoint, removeEndpoint, testEndpoint } from '../../targets-api.ts';
import { engineLanguage, words } from '../../words.ts';
import { Notice } from '../Notice.tsx';
import { EmptyQueue } from './EmptyQueue.tsx';
import { KnownThings } from './KnownThings.tsx';
import { SpendBars } from './SpendBars.tsx';
import { TargetEntry } from './TargetEntry.tsx';
import styles from './TargetFacts.module.css';
import { hasTrouble, TargetState, TroubleReason, TroubleState } from './TargetState.tsx';

export function EndpointEntry({
  endpoint,
  status,
  isNew,
  live,
  onEdit,
}: {
  endpoint: Endpoint;
  /** What it offers now; undefined while that is not known. */
  status: TargetStatus | undefined;
  /** Just added: say what comes next. */
  isNew: boolean;
  live: boolean;
  onEdit: () => void;
}) {
  const { name, endpointId, microDollarsPerSecond: price } = endpoint;
  const test = useMutation({ mutationFn: () => testEndpoint(name) });
  const waiting = test.data?.queue?.inQueue ?? 0;
  const told = words.endpoints;
  return (
    <TargetEntry
      name={name}
      live={live}
      isPaused={endpoint.paused !== null}
      onEdit={onEdit}
      state={<State endpoint={endpoint} status={status} />}
      about={
        <>
          <p className={styles.price}>
            {price === 0 ? told.free : told.price(formatExactMoney(price), formatMoney(price * 3600))}
          </p>
          <p className={styles.muted}>
            {told.limits(endpoint.maxJobs, formatExactDuration(endpoint.executionTimeoutSeconds))}
            {status !== undefined && ` · ${words.targets.held(status.load)}`}
          </p>
          <p className={styles.muted}>
            {told.endpointId} <code>{endpointId}</code>
          </p>
          <TroubleReason status={status} />
        </>
      }
      aside={<SpendBars endpoint={endpoint} />}
      secret={{
        secret: `endpoint.${name}.key`,
        label: told.key,
        title: told.keyOf(name),
        isSet: endpoint.hasKey,
        hint: isNew && !endpoint.hasKey ? told.form.thenKey : null,
      }}
      deeds={{
        test: () => test.mutate(),
        testing: test.isPending,
        pause: (paused) => pauseEndpoint(name, paused),
        remove: () => removeEndpoint(name),
      }}
      removing={{ title: told.removing.title(name), explanation: told.removing.explanation }}
      said={
        test.error !== null ? (
          <Notice tone="danger">{failureWords(test.error)}</Notice>
        ) : (
          test.data !== undefined &&
          !test.isPending && (
            <Health {...healthWords(test.data)}>{waiting > 0 && <EmptyQueue name={name} waiting={waiting} />}</Health>
          )
        )
      }
    >
      <KnownThings name={name} live={live} />
    </TargetEntry>
  );
}

function State({ endpoint: { paused, hasKey }, status }: { endpoint: Endpoint; status: TargetStatus | undefined }) {
  const told = words.endpoints.state;
  if (paused !== null) {
    return (
      <TargetState tone="attention">
        {told.paused}: {paused === PAUSED_BY_USER ? told.byYou : <span lang={engineLanguage}>{paused}</span>}
      </TargetState>
    );
  }
  if (!hasKey) {
    return (
      <TargetState tone="attention">
        <span title={told.noKeyHint}>{told.noKey}</span>
      </TargetState>
    );
  }
  return hasTrouble(status) ? <TroubleState status={status} /> : <TargetState tone="good">{told.ready}</TargetState>;
}

function Health({ tone, sentence, detail, advice, children }: HealthWords & { children: ReactNode }) {
  return (
    <Notice tone={tone === 'good' ? 'info' : tone}>
      <p>{sentence}</p>
      {detail !== null && <p lang={engineLanguage}>{detail}</p>}
      {advice !== null && <p className={styles.muted}>{advice}</p>}
      {children}
    </Notice>
  );
}
