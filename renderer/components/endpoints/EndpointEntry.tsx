/** One endpoint of the list: state, price, spend, key, and its deeds. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pause, Pencil, Play, Stethoscope, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type Endpoint, PAUSED_BY_USER } from '../../../contract/endpoints.ts';
import { PutSecretBodySchema } from '../../../contract/secrets.ts';
import { pauseEndpoint, removeEndpoint, testEndpoint } from '../../api.ts';
import { healthWords } from '../../lib/endpoint-health.ts';
import { failureWords } from '../../lib/engine-sentences.ts';
import { formatExactDuration } from '../../lib/format.ts';
import { formatExactMoney, formatMoney } from '../../lib/money.ts';
import { keys } from '../../live-cache.ts';
import { engineLanguage, words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Dialog } from '../Dialog.tsx';
import { Notice } from '../Notice.tsx';
import { SecretControl } from '../SecretControl.tsx';
import styles from './EndpointEntry.module.css';
import { SpendBars } from './SpendBars.tsx';

export function EndpointEntry({
  endpoint,
  isNew,
  live,
  onEdit,
}: {
  endpoint: Endpoint;
  /** Just added: say what comes next. */
  isNew: boolean;
  live: boolean;
  onEdit: () => void;
}) {
  const { name } = endpoint;
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: keys.endpoints });
  const test = useMutation({ mutationFn: () => testEndpoint(name) });
  const pause = useMutation({ mutationFn: (paused: boolean) => pauseEndpoint(name, paused), onSuccess });
  const remove = useMutation({ mutationFn: () => removeEndpoint(name), onSuccess });
  const [removing, setRemoving] = useState(false);
  const told = words.endpoints.action;
  const failure = pause.error ?? test.error;
  const isPaused = endpoint.paused !== null;
  const labelled = (action: string) => ({ 'aria-label': words.endpoints.named(action, name), disabled: !live });
  return (
    <article className={styles.endpoint} aria-labelledby={`endpoint-${name}`}>
      <div className={styles.about}>
        <div className={styles.title}>
          <h2 id={`endpoint-${name}`} className={styles.name}>
            {name}
          </h2>
          <State endpoint={endpoint} />
        </div>
        <p className={styles.price}>
          {endpoint.microDollarsPerSecond === 0
            ? words.endpoints.free
            : words.endpoints.price(
                formatExactMoney(endpoint.microDollarsPerSecond),
                formatMoney(endpoint.microDollarsPerSecond * 3600),
              )}
        </p>
        <p className={styles.muted}>
          {words.endpoints.limits(endpoint.maxJobs, formatExactDuration(endpoint.executionTimeoutSeconds))}
        </p>
        <p className={styles.muted}>
          {words.endpoints.endpointId} <code>{endpoint.endpointId}</code>
        </p>
      </div>
      <SpendBars endpoint={endpoint} />
      <div className={styles.below}>
        <div className={styles.key}>
          <span className={styles.keyName}>{words.endpoints.key}</span>
          <SecretControl
            field={{
              key: `endpoint.${name}.key`,
              title: words.endpoints.keyOf(name),
              control: { kind: 'secret' },
              schema: PutSecretBodySchema.shape.value,
            }}
            noun="key"
            isSet={endpoint.hasKey}
            disabled={!live}
            describedBy={`endpoint-${name}`}
          />
          {isNew && !endpoint.hasKey && (
            <p className={styles.muted} role="status">
              {words.endpoints.form.thenKey}
            </p>
          )}
        </div>
        <div className={styles.actions}>
          <Button
            {...labelled(told.test)}
            icon={<Stethoscope aria-hidden />}
            busy={test.isPending}
            onClick={() => test.mutate()}
          >
            {test.isPending ? told.testing : told.test}
          </Button>
          <Button
            {...labelled(isPaused ? told.resume : told.pause)}
            icon={isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
            busy={pause.isPending}
            onClick={() => pause.mutate(!isPaused)}
          >
            {isPaused ? told.resume : told.pause}
          </Button>
          <Button {...labelled(told.edit)} weight="quiet" icon={<Pencil aria-hidden />} onClick={onEdit}>
            {told.edit}
          </Button>
          <Button
            {...labelled(told.remove)}
            weight="quiet"
            icon={<Trash2 aria-hidden />}
            onClick={() => setRemoving(true)}
          >
            {told.remove}
          </Button>
        </div>
      </div>
      <div className={styles.said} role="status">
        {failure !== null ? (
          <Notice tone="danger">{failureWords(failure)}</Notice>
        ) : (
          test.data !== undefined && !test.isPending && <Health {...healthWords(test.data)} />
        )}
      </div>
      {removing && (
        <Dialog
          title={words.endpoints.removing.title(name)}
          description={words.endpoints.removing.explanation}
          onClose={() => {
            setRemoving(false);
            remove.reset();
          }}
          answers={
            <>
              <Button onClick={() => setRemoving(false)}>{words.endpoints.removing.keep}</Button>
              <Button weight="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
                {words.endpoints.removing.remove}
              </Button>
            </>
          }
        >
          {remove.error !== null && (
            <Notice tone="danger" role="alert">
              {failureWords(remove.error)}
            </Notice>
          )}
        </Dialog>
      )}
    </article>
  );
}

function State({ endpoint: { paused, hasKey } }: { endpoint: Endpoint }) {
  const told = words.endpoints.state;
  if (paused !== null) {
    return (
      <span className={styles.state} data-state="paused">
        {told.paused}: {paused === PAUSED_BY_USER ? told.byYou : <span lang={engineLanguage}>{paused}</span>}
      </span>
    );
  }
  return hasKey ? (
    <span className={styles.state} data-state="ready">
      {told.ready}
    </span>
  ) : (
    <span className={styles.state} data-state="noKey" title={told.noKeyHint}>
      {told.noKey}
    </span>
  );
}

function Health({ tone, sentence, detail, advice }: ReturnType<typeof healthWords>) {
  return (
    <Notice tone={tone === 'good' ? 'info' : tone}>
      <p>{sentence}</p>
      {detail !== null && <p lang={engineLanguage}>{detail}</p>}
      {advice !== null && <p className={styles.muted}>{advice}</p>}
    </Notice>
  );
}
