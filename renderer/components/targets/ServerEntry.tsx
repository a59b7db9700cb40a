/** One other server of the list: whether it answers, how long its queue is, what it takes. It is asked by itself while one looks, which wakes nobody. */
import { useQuery } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import type { Server, ServerTest, TargetStatus } from '../../../contract/targets.ts';
import { usePageVisible } from '../../hooks/page-visibility.ts';
import { errorText, failureWords } from '../../lib/engine-sentences.ts';
import { keys } from '../../live-cache.ts';
import { pauseServer, removeServer, testServer } from '../../targets-api.ts';
import { engineLanguage, words } from '../../words.ts';
import { Notice } from '../Notice.tsx';
import { TargetEntry } from './TargetEntry.tsx';
import styles from './TargetFacts.module.css';
import { hasTrouble, TargetState, TroubleReason, TroubleState } from './TargetState.tsx';

const ASK_MS = 30_000;

export function ServerEntry({
  server,
  status,
  isNew,
  live,
  onEdit,
}: {
  server: Server;
  /** What it offers now; undefined while that is not known. */
  status: TargetStatus | undefined;
  /** Just added: say what may come next. */
  isNew: boolean;
  live: boolean;
  onEdit: () => void;
}) {
  const { name, url, maxJobs, automatic, hasKey, paused } = server;
  const isVisible = usePageVisible();
  const test = useQuery({
    queryKey: keys.serverTest(name),
    queryFn: () => testServer(name),
    enabled: live,
    refetchInterval: isVisible ? ASK_MS : false,
    retry: false,
  });
  /** Somebody pressed the button: the answer is told beside the state, too. */
  const [asked, setAsked] = useState(false);
  const told = words.targets.servers;
  return (
    <TargetEntry
      name={name}
      live={live}
      isPaused={paused}
      onEdit={onEdit}
      state={<State paused={paused} status={status} test={test.data} />}
      about={
        <>
          <p>
            <a className={styles.address} href={url} target="_blank" rel="noreferrer">
              {url}
              <ExternalLink aria-hidden />
              <span className="visuallyHidden">{words.opensNewTab}</span>
            </a>
          </p>
          <p className={styles.muted}>
            {told.limits(maxJobs)} · {automatic ? told.automatic : told.byNameOnly}
          </p>
          <p className={styles.muted}>
            {[
              status === undefined ? '' : words.targets.held(status.load),
              test.data?.queue ? told.queue(test.data.queue.waiting, test.data.queue.running) : '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {/* What it answers now says more than what it answered then. */}
          {test.data?.ok !== false && <TroubleReason status={status} />}
        </>
      }
      secret={{
        secret: `server.${name}.key`,
        label: told.key,
        title: words.targets.keyOf(name),
        isSet: hasKey,
        hint: isNew && !hasKey ? told.form.thenKey : null,
      }}
      deeds={{
        test() {
          setAsked(true);
          void test.refetch();
        },
        // What is asked by itself is no reason for a button to flicker.
        testing: asked && test.isFetching,
        pause: (wanted) => pauseServer(name, wanted),
        remove: () => removeServer(name),
      }}
      removing={{ title: told.removing.title(name), explanation: told.removing.explanation }}
      said={
        test.error !== null ? (
          <Notice tone="danger">{failureWords(test.error)}</Notice>
        ) : (
          test.data !== undefined && <Finding test={test.data} asked={asked && !test.isFetching} />
        )
      }
    />
  );
}

function State({
  paused,
  status,
  test,
}: {
  paused: boolean;
  status: TargetStatus | undefined;
  test: ServerTest | undefined;
}) {
  const told = words.targets.servers;
  if (paused) {
    return (
      <TargetState tone="attention">
        {words.endpoints.state.paused}: {words.endpoints.state.byYou}
      </TargetState>
    );
  }
  if (hasTrouble(status)) return <TroubleState status={status} />;
  if (test === undefined) return <TargetState tone="unknown">{told.asking}</TargetState>;
  return test.ok ? (
    <TargetState tone="good">{answerWords(test)}</TargetState>
  ) : (
    <TargetState tone="attention">{told.silent}</TargetState>
  );
}

const answerWords = ({ comfyuiVersion }: ServerTest): string =>
  comfyuiVersion === null ? words.targets.servers.asleep : words.targets.servers.version(comfyuiVersion);

function Finding({ test, asked }: { test: ServerTest; asked: boolean }) {
  if (test.ok) return asked && <Notice tone="info">{answerWords(test)}</Notice>;
  const { message, detail, next } = errorText(test.code ?? 'internal', test.message);
  return (
    <Notice tone="warning">
      <p>{message}</p>
      {detail !== null && <p lang={engineLanguage}>{detail}</p>}
      {next !== null && <p className={styles.muted}>{next}</p>}
    </Notice>
  );
}
