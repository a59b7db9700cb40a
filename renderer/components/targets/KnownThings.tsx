/** What an endpoint is known to have and to lack: by the user's own lists and by its runs. Folded away, and asked for when it is opened. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Eraser, Pencil } from 'lucide-react';
import { useState } from 'react';
import type { EndpointHas } from '../../../contract/parity.ts';
import { failureWords } from '../../lib/engine-sentences.ts';
import { KNOWN_KINDS, type KnownKind } from '../../lib/name-list.ts';
import { keys } from '../../live-cache.ts';
import { fetchEndpointHas, forgetLearnt } from '../../targets-api.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Notice } from '../Notice.tsx';
import { EmptyNote } from '../Section.tsx';
import { KnownLists } from './KnownLists.tsx';
import styles from './KnownThings.module.css';

export function KnownThings({ name, live }: { name: string; live: boolean }) {
  const [open, setOpen] = useState(false);
  const told = words.targets.has;
  return (
    <details className={styles.known} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.summary}>
        {told.summary}
        <span className="visuallyHidden"> ({name})</span>
      </summary>
      {open && <Known name={name} live={live} />}
    </details>
  );
}

function Known({ name, live }: { name: string; live: boolean }) {
  const cache = useQueryClient();
  const { data, error } = useQuery({ queryKey: keys.endpointHas(name), queryFn: () => fetchEndpointHas(name) });
  const [editing, setEditing] = useState(false);
  /** For a screen reader, and for who looks away. */
  const [done, setDone] = useState('');
  const forget = useMutation({
    mutationFn: () => forgetLearnt(name),
    onSuccess(has) {
      cache.setQueryData(keys.endpointHas(name), has);
      setDone(words.targets.has.forgotten);
    },
  });
  const told = words.targets.has;
  if (error !== null) {
    return (
      <Notice tone="danger" role="alert">
        {told.failed} {failureWords(error)}
      </Notice>
    );
  }
  if (data === undefined) return <EmptyNote>{words.loading}</EmptyNote>;
  if (editing) {
    return (
      <KnownLists
        name={name}
        lists={data.lists}
        onDone={(saved) => {
          setEditing(false);
          setDone(saved ? told.saved : '');
        }}
      />
    );
  }
  return (
    <div className={styles.content}>
      <p className={styles.muted}>{told.intro}</p>
      <div className={styles.kinds}>
        {KNOWN_KINDS.map((kind) => (
          <Kind key={kind} kind={kind} has={data} />
        ))}
      </div>
      {forget.error !== null && (
        <Notice tone="danger" role="alert">
          {failureWords(forget.error)}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button icon={<Pencil aria-hidden />} disabled={!live} onClick={() => setEditing(true)}>
          {told.edit}
        </Button>
        {hasLearnt(data) && (
          <Button
            weight="quiet"
            icon={<Eraser aria-hidden />}
            disabled={!live}
            busy={forget.isPending}
            title={told.forgetHint}
            onClick={() => forget.mutate()}
          >
            {told.forget}
          </Button>
        )}
        <span className={styles.muted} role="status">
          {done}
        </span>
      </div>
    </div>
  );
}

const hasLearnt = ({ learnt }: EndpointHas): boolean =>
  KNOWN_KINDS.some((kind) => learnt[kind].present.length + learnt[kind].absent.length > 0);

function Kind({ kind, has }: { kind: KnownKind; has: EndpointHas }) {
  const told = words.targets.has;
  const list = has.lists[kind];
  const { present, absent } = has.learnt[kind];
  return (
    <section className={styles.kind}>
      <h4>{told.kind[kind]}</h4>
      {absent.length > 0 && <Names tone="missing" title={told.absent(absent.length)} names={absent} open />}
      {list === null ? (
        <p className={styles.muted}>
          {told.noList}. {told.noListHint}
        </p>
      ) : list.length === 0 ? (
        <p className={styles.muted}>{told.nothingListed}.</p>
      ) : (
        <Names title={told.listed(list.length)} names={list} />
      )}
      {present.length > 0 && <Names title={told.present(present.length)} names={present} />}
      {present.length + absent.length === 0 && <p className={styles.muted}>{told.nothingLearnt}.</p>}
    </section>
  );
}

function Names({
  title,
  names,
  tone,
  open = false,
}: {
  title: string;
  names: readonly string[];
  tone?: 'missing';
  open?: boolean;
}) {
  return (
    <details open={open} data-tone={tone} className={styles.names}>
      <summary className={styles.namesTitle}>{title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys. */}
      <ul className={styles.list} tabIndex={0} aria-label={title}>
        {names.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </details>
  );
}
