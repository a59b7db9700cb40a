/** Adds another server or changes one. What is typed is judged by the contract's schema as one types; a field untouched is not blamed yet. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Server, ServerBody } from '../../../contract/targets.ts';
import {
  newServerDraft,
  readServerDraft,
  SERVER_FIELDS,
  type ServerField,
  serverDraftOf,
} from '../../lib/server-form.ts';
import { targetQueries } from '../../live-cache.ts';
import { saveServer } from '../../targets-api.ts';
import { words } from '../../words.ts';
import { Row } from '../Row.tsx';
import { SwitchControl } from '../Toggle.tsx';
import { type FormField, FormRow } from './FormRow.tsx';
import { TargetForm } from './TargetForm.tsx';

const NO_NAMES: readonly string[] = [];

export function ServerForm({
  server,
  taken = NO_NAMES,
  onDone,
  onCancel,
}: {
  /** Undefined for a new one. */
  server?: Server;
  taken?: readonly string[];
  onDone: (name: string) => void;
  onCancel: () => void;
}) {
  const told = words.targets.servers.form;
  const cache = useQueryClient();
  const [draft, setDraft] = useState(() => (server === undefined ? newServerDraft() : serverDraftOf(server)));
  const [touched, setTouched] = useState<ReadonlySet<ServerField>>(new Set());
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: ({ name, body }: { name: string; body: ServerBody }) => saveServer(name, body),
    async onSuccess(_, { name }) {
      await Promise.all(targetQueries.map((queryKey) => cache.invalidateQueries({ queryKey })));
      onDone(name);
    },
  });
  const reading = readServerDraft(draft);
  const found = reading.kind === 'problems' ? reading.problems : {};
  const problems = taken.includes(draft.name.trim()) ? { ...found, name: told.nameInUse } : found;

  function submit(): string | null {
    setTried(true);
    const wrong = SERVER_FIELDS.find((field) => field in problems);
    if (wrong === undefined && reading.kind === 'body') save.mutate(reading);
    return wrong ?? null;
  }

  const row = (field: FormField<ServerField>): ReactNode => (
    <FormRow
      form="server"
      field={field}
      value={draft[field.name]}
      problem={tried || touched.has(field.name) ? problems[field.name] : undefined}
      onType={(name, value) => setDraft({ ...draft, [name]: value })}
      onBlur={(name) => setTouched(new Set([...touched, name]))}
    />
  );
  return (
    <TargetForm
      heading={server === undefined ? told.add : told.edit(server.name)}
      isNew={server === undefined}
      saving={save.isPending}
      error={save.error}
      onSubmit={submit}
      onCancel={onCancel}
    >
      {server === undefined && row({ name: 'name', title: told.name, hint: told.nameHint })}
      {row({ name: 'url', title: told.url, hint: told.urlHint, placeholder: 'http://192.168.1.20:8188' })}
      {row({ name: 'maxJobs', title: told.maxJobs, hint: told.maxJobsHint, numeric: true })}
      <Row
        title={told.automatic}
        labels="server-form-automatic"
        hint={told.automaticHint}
        hintId="server-form-automatic-hint"
      >
        <SwitchControl
          id="server-form-automatic"
          checked={draft.automatic}
          disabled={false}
          describedBy="server-form-automatic-hint"
          onChange={(automatic) => setDraft({ ...draft, automatic })}
        />
      </Row>
    </TargetForm>
  );
}
