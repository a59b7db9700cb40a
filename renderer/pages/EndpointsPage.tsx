/** The RunPod endpoints: what each is, costs and says, and what can be done with it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleOff, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Status } from '../../contract/status.ts';
import { cancelRemote, fetchEndpoints } from '../api.ts';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { EndpointEntry } from '../components/endpoints/EndpointEntry.tsx';
import { EndpointForm } from '../components/endpoints/EndpointForm.tsx';
import { NoEndpoints } from '../components/endpoints/NoEndpoints.tsx';
import { Notice } from '../components/Notice.tsx';
import { EmptyNote } from '../components/Section.tsx';
import { failureWords } from '../lib/engine-sentences.ts';
import { keys } from '../live-cache.ts';
import { words } from '../words.ts';
import styles from './EndpointsPage.module.css';

type Editing =
  | { readonly kind: 'none' }
  | { readonly kind: 'new' }
  | { readonly kind: 'change'; readonly name: string };
const NOTHING: Editing = { kind: 'none' };

/** @param live false while the engine is unreachable: nothing can be asked of it then */
export function EndpointsPage({ status, live }: { status: Status | undefined; live: boolean }) {
  const cache = useQueryClient();
  const { data, error } = useQuery({ queryKey: keys.endpoints, queryFn: fetchEndpoints });
  const [editing, setEditing] = useState<Editing>(NOTHING);
  /** The one just added: its key is what is missing. */
  const [added, setAdded] = useState<string | null>(null);
  // What is spent and held changes with the jobs, and the status tells of every such change.
  const jobs = JSON.stringify(status?.jobs);
  useEffect(() => {
    if (jobs !== undefined) void cache.invalidateQueries({ queryKey: keys.endpoints });
  }, [cache, jobs]);

  const endpoints = data ?? [];
  const done = (): void => setEditing(NOTHING);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1 className={styles.title} tabIndex={-1}>
            {words.endpoints.heading}
          </h1>
          <p className={styles.muted}>{words.endpoints.intro}</p>
        </div>
        {endpoints.length > 0 && (
          <div className={styles.actions}>
            <CancelRemote disabled={!live} />
            <Button
              weight="primary"
              icon={<Plus aria-hidden />}
              disabled={!live || editing.kind === 'new'}
              onClick={() => setEditing({ kind: 'new' })}
            >
              {words.endpoints.add}
            </Button>
          </div>
        )}
      </header>
      {error !== null && (
        <Notice tone="danger" role="alert">
          {words.endpoints.failed} {failureWords(error)}
        </Notice>
      )}
      {editing.kind === 'new' && (
        <EndpointForm
          taken={endpoints.map(({ name }) => name)}
          onDone={(name) => {
            setAdded(name);
            done();
          }}
          onCancel={done}
        />
      )}
      {data === undefined && error === null && <EmptyNote>{words.loading}</EmptyNote>}
      {data?.length === 0 && editing.kind === 'none' && (
        <NoEndpoints disabled={!live} onAdd={() => setEditing({ kind: 'new' })} />
      )}
      {endpoints.length > 0 && (
        <ul>
          {endpoints.map((endpoint) => (
            <li key={endpoint.name} className={styles.entry}>
              {editing.kind === 'change' && editing.name === endpoint.name ? (
                <EndpointForm endpoint={endpoint} onDone={done} onCancel={done} />
              ) : (
                <EndpointEntry
                  endpoint={endpoint}
                  isNew={added === endpoint.name}
                  live={live}
                  onEdit={() => setEditing({ kind: 'change', name: endpoint.name })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function CancelRemote({ disabled }: { disabled: boolean }) {
  const [asking, setAsking] = useState(false);
  const cancel = useMutation({ mutationFn: cancelRemote, onSuccess: () => setAsking(false) });
  const told = words.endpoints.cancelling;
  return (
    <>
      <span className={styles.said} role="status">
        {cancel.data === undefined || asking ? '' : told.done(cancel.data)}
      </span>
      <Button icon={<CircleOff aria-hidden />} disabled={disabled} onClick={() => setAsking(true)}>
        {words.endpoints.action.cancelRemote}
      </Button>
      {asking && (
        <Dialog
          title={told.title}
          description={told.explanation}
          onClose={() => setAsking(false)}
          answers={
            <>
              <Button onClick={() => setAsking(false)}>{told.keep}</Button>
              <Button weight="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
                {told.cancel}
              </Button>
            </>
          }
        >
          {cancel.error !== null && <Notice tone="danger">{failureWords(cancel.error)}</Notice>}
        </Dialog>
      )}
    </>
  );
}
