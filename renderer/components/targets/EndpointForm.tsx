/** Adds an endpoint or changes one. What is typed is judged by the contract's schema as one types; a field untouched is not blamed yet. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Endpoint, EndpointBody } from '../../../contract/endpoints.ts';
import {
  draftOf,
  type EndpointDraft,
  type EndpointField,
  newDraft,
  type PriceUnit,
  readDraft,
} from '../../lib/endpoint-form.ts';
import { formatExactMoney, formatMoney } from '../../lib/money.ts';
import { keys } from '../../live-cache.ts';
import { saveEndpoint } from '../../targets-api.ts';
import { words } from '../../words.ts';
import { Select } from '../Select.tsx';
import inputs from '../SettingInput.module.css';
import { type FormField, FormRow } from './FormRow.tsx';
import styles from './TargetForm.module.css';
import { TargetForm } from './TargetForm.tsx';

const NO_NAMES: readonly string[] = [];
const ADVANCED = ['maxJobs', 'executionTimeoutSeconds', 'baseUrl'] as const;

export function EndpointForm({
  endpoint,
  taken = NO_NAMES,
  onDone,
  onCancel,
}: {
  /** Undefined for a new one. */
  endpoint?: Endpoint;
  taken?: readonly string[];
  onDone: (name: string) => void;
  onCancel: () => void;
}) {
  const told = words.endpoints.form;
  const cache = useQueryClient();
  const [draft, setDraft] = useState<EndpointDraft>(() => (endpoint === undefined ? newDraft() : draftOf(endpoint)));
  const [touched, setTouched] = useState<ReadonlySet<EndpointField>>(new Set());
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: ({ name, body }: { name: string; body: EndpointBody }) => saveEndpoint(name, body),
    async onSuccess(_, { name }) {
      await Promise.all([keys.endpoints, keys.targets].map((queryKey) => cache.invalidateQueries({ queryKey })));
      onDone(name);
    },
  });
  const reading = readDraft(draft);
  const found = reading.kind === 'problems' ? reading.problems : {};
  const problems = taken.includes(draft.name.trim()) ? { ...found, name: told.nameInUse } : found;

  function submit(): string | null {
    setTried(true);
    const wrong = Object.keys(draft).find((field) => field in problems);
    if (wrong === undefined && reading.kind === 'body') save.mutate(reading);
    return wrong ?? null;
  }

  const row = (field: FormField<EndpointField>): ReactNode => (
    <FormRow
      form="endpoint"
      field={field}
      value={draft[field.name]}
      problem={tried || touched.has(field.name) ? problems[field.name] : undefined}
      onType={(name, value) => setDraft({ ...draft, [name]: value })}
      onBlur={(name) => setTouched(new Set([...touched, name]))}
    />
  );
  const dollar = <span className={inputs.unit}>$</span>;
  const limit = { numeric: true, placeholder: told.noCap, behind: dollar } as const;
  return (
    <TargetForm
      heading={endpoint === undefined ? told.add : told.edit(endpoint.name)}
      isNew={endpoint === undefined}
      saving={save.isPending}
      error={save.error}
      onSubmit={submit}
      onCancel={onCancel}
    >
      {endpoint === undefined && row({ name: 'name', title: told.name, hint: told.nameHint })}
      {row({ name: 'endpointId', title: told.endpointId, hint: told.endpointIdHint })}
      {row({
        name: 'price',
        title: told.price,
        hint: told.priceHint,
        numeric: true,
        behind: (
          <>
            {dollar}
            <label className="visuallyHidden" htmlFor="endpoint-form-unit">
              {told.unit}
            </label>
            <Select<PriceUnit>
              id="endpoint-form-unit"
              value={draft.priceUnit}
              choices={[
                ['hour', told.units.hour],
                ['second', told.units.second],
              ]}
              onChange={(priceUnit) => setDraft({ ...draft, priceUnit })}
            />
            {reading.kind === 'body' && <OtherUnit unit={draft.priceUnit} body={reading.body} />}
          </>
        ),
      })}
      {row({ name: 'capPerDay', title: told.capPerDay, hint: told.capHint, ...limit })}
      {row({ name: 'capPerMonth', title: told.capPerMonth, hint: told.capHint, ...limit })}
      {row({ name: 'capPerJob', title: told.capPerJob, hint: told.capPerJobHint, ...limit })}
      <details className={styles.advanced} open={ADVANCED.some((field) => field in problems) || undefined}>
        <summary className={styles.summary}>{told.advanced}</summary>
        {row({ name: 'maxJobs', title: told.maxJobs, hint: told.maxJobsHint, numeric: true })}
        {row({
          name: 'executionTimeoutSeconds',
          title: told.executionTimeoutSeconds,
          hint: told.executionTimeoutHint,
          numeric: true,
          behind: <span className={inputs.unit}>{told.seconds}</span>,
        })}
        {row({ name: 'baseUrl', title: told.baseUrl, hint: told.baseUrlHint })}
      </details>
    </TargetForm>
  );
}

/** Whoever compares GPUs thinks in the other unit. */
function OtherUnit({ unit, body }: { unit: PriceUnit; body: EndpointBody }) {
  const { microDollarsPerSecond } = body;
  const { units, equals } = words.endpoints.form;
  return (
    <span className={inputs.unit}>
      {equals(
        unit === 'hour'
          ? `${formatExactMoney(microDollarsPerSecond)} ${units.second}`
          : `${formatMoney(microDollarsPerSecond * 3600)} ${units.hour}`,
      )}
    </span>
  );
}
