/** The user's own lists of what an endpoint has, edited as text, one name a line. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { EndpointLists } from '../../../contract/parity.ts';
import { failureWords } from '../../lib/engine-sentences.ts';
import {
  KNOWN_KINDS,
  type KnownKind,
  type ListDraft,
  listDraftOf,
  listProblem,
  readList,
} from '../../lib/name-list.ts';
import { keys } from '../../live-cache.ts';
import { saveEndpointLists } from '../../targets-api.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Notice } from '../Notice.tsx';
import { RowProblem } from '../Row.tsx';
import inputs from '../SettingInput.module.css';
import { Toggle } from '../Toggle.tsx';
import styles from './KnownThings.module.css';

export function KnownLists({
  name,
  lists,
  onDone,
}: {
  name: string;
  lists: EndpointLists;
  onDone: (saved: boolean) => void;
}) {
  const cache = useQueryClient();
  const [drafts, setDrafts] = useState<Readonly<Record<KnownKind, ListDraft>>>({
    nodeTypes: listDraftOf(lists.nodeTypes),
    models: listDraftOf(lists.models),
  });
  const read = { nodeTypes: readList(drafts.nodeTypes), models: readList(drafts.models) };
  const problems = KNOWN_KINDS.filter((kind) => listProblem(kind, read[kind]) !== null);
  const save = useMutation({
    mutationFn: () =>
      saveEndpointLists(name, {
        nodeTypes: read.nodeTypes && [...read.nodeTypes],
        models: read.models && [...read.models],
      }),
    onSuccess(has) {
      cache.setQueryData(keys.endpointHas(name), has);
      onDone(true);
    },
  });
  const told = words.targets.has;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (problems.length === 0 && !save.isPending) save.mutate();
  }

  return (
    <form className={styles.content} onSubmit={submit} noValidate>
      <div className={styles.kinds}>
        {KNOWN_KINDS.map((kind) => (
          <List
            key={kind}
            kind={kind}
            draft={drafts[kind]}
            problem={listProblem(kind, read[kind])}
            onChange={(draft) => setDrafts({ ...drafts, [kind]: draft })}
          />
        ))}
      </div>
      {save.error !== null && (
        <Notice tone="danger" role="alert">
          {failureWords(save.error)}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button weight="primary" type="submit" busy={save.isPending}>
          {save.isPending ? told.saving : told.save}
        </Button>
        <Button weight="quiet" onClick={() => onDone(false)}>
          {told.cancel}
        </Button>
      </div>
    </form>
  );
}

function List({
  kind,
  draft,
  problem,
  onChange,
}: {
  kind: KnownKind;
  draft: ListDraft;
  problem: string | null;
  onChange: (draft: ListDraft) => void;
}) {
  const told = words.targets.has;
  const hintId = `known-${kind}-hint`;
  return (
    <div className={styles.kind}>
      <h4>{told.kind[kind]}</h4>
      <Toggle
        label={told.complete[kind]}
        checked={draft.complete}
        onChange={(complete) => onChange({ ...draft, complete })}
      />
      {draft.complete && (
        <>
          <textarea
            className={inputs.lines}
            aria-label={told.listOf[kind]}
            aria-describedby={hintId}
            aria-invalid={problem !== null || undefined}
            wrap="off"
            rows={6}
            spellCheck={false}
            value={draft.text}
            onChange={(event) => onChange({ ...draft, text: event.target.value })}
          />
          <p className={styles.muted} id={hintId}>
            {told.hint[kind]}
          </p>
          {problem !== null && <RowProblem>{problem}</RowProblem>}
        </>
      )}
    </div>
  );
}
