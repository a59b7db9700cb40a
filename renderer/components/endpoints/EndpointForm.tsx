/** Adds an endpoint or changes one. What is typed is judged by the contract's schema as one types; a field untouched is not blamed yet. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Endpoint, EndpointBody } from '../../../contract/endpoints.ts';
import { saveEndpoint } from '../../api.ts';
import {
  draftOf,
  type EndpointDraft,
  type EndpointField,
  newDraft,
  type PriceUnit,
  readDraft,
} from '../../lib/endpoint-form.ts';
import { failureWords } from '../../lib/engine-sentences.ts';
import { formatExactMoney, formatMoney } from '../../lib/money.ts';
import { keys } from '../../live-cache.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { Notice } from '../Notice.tsx';
import { Row, RowProblem } from '../Row.tsx';
import { Select } from '../Select.tsx';
import inputs from '../SettingInput.module.css';
import styles from './EndpointForm.module.css';

const NO_NAMES: readonly string[] = [];

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
  const form = useRef<HTMLFormElement>(null);
  const save = useMutation({
    mutationFn: ({ name, body }: { name: string; body: EndpointBody }) => saveEndpoint(name, body),
    async onSuccess(_, { name }) {
      await cache.invalidateQueries({ queryKey: keys.endpoints });
      onDone(name);
    },
  });
  const reading = readDraft(draft);
  const found = reading.kind === 'problems' ? reading.problems : {};
  const problems = taken.includes(draft.name.trim()) ? { ...found, name: told.nameInUse } : found;

  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (reading.kind === 'body' && Object.keys(problems).length === 0) {
      save.mutate(reading);
      return;
    }
    const first = Object.keys(newDraft()).find((field) => field in problems);
    form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  function row(field: EndpointField, title: string, hint: string, extra: FieldExtra = {}): ReactNode {
    const problem = tried || touched.has(field) ? problems[field] : undefined;
    const id = `endpoint-form-${field}`;
    return (
      <Row
        title={title}
        labels={id}
        hint={hint}
        hintId={`${id}-hint`}
        below={problem !== undefined && <RowProblem id={`${id}-problem`}>{problem}</RowProblem>}
      >
        <span className={inputs.withUnit}>
          <input
            id={id}
            name={field}
            className={extra.short === true ? inputs.number : inputs.text}
            value={draft[field]}
            placeholder={extra.placeholder}
            inputMode={extra.numeric === true ? 'decimal' : undefined}
            aria-describedby={problem === undefined ? `${id}-hint` : `${id}-problem ${id}-hint`}
            aria-invalid={problem !== undefined || undefined}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setDraft({ ...draft, [field]: event.target.value })}
            onBlur={() => setTouched(new Set([...touched, field]))}
          />
          {extra.behind}
        </span>
      </Row>
    );
  }
  const dollar = <span className={inputs.unit}>$</span>;
  const amount: FieldExtra = { short: true, numeric: true, placeholder: told.noCap, behind: dollar };
  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      <h2 className={styles.heading}>{endpoint === undefined ? told.add : told.edit(endpoint.name)}</h2>
      {endpoint === undefined && row('name', told.name, told.nameHint)}
      {row('endpointId', told.endpointId, told.endpointIdHint)}
      {row('price', told.price, told.priceHint, {
        short: true,
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
      {row('capPerDay', told.capPerDay, told.capHint, amount)}
      {row('capPerMonth', told.capPerMonth, told.capHint, amount)}
      {row('capPerJob', told.capPerJob, told.capPerJobHint, amount)}
      <details className={styles.advanced} open={hasAdvancedProblem(problems) || undefined}>
        <summary className={styles.summary}>{told.advanced}</summary>
        {row('maxJobs', told.maxJobs, told.maxJobsHint, { short: true, numeric: true })}
        {row('executionTimeoutSeconds', told.executionTimeoutSeconds, told.executionTimeoutHint, {
          short: true,
          numeric: true,
          behind: <span className={inputs.unit}>{told.seconds}</span>,
        })}
        {row('baseUrl', told.baseUrl, told.baseUrlHint)}
      </details>
      {save.error !== null && (
        <Notice tone="danger" role="alert">
          {failureWords(save.error)}
        </Notice>
      )}
      <div className={styles.answers}>
        <Button weight="quiet" onClick={onCancel}>
          {told.cancel}
        </Button>
        <Button weight="primary" type="submit" busy={save.isPending}>
          {save.isPending ? told.saving : endpoint === undefined ? told.saveNew : told.save}
        </Button>
      </div>
    </form>
  );
}

interface FieldExtra {
  readonly short?: boolean;
  readonly numeric?: boolean;
  readonly placeholder?: string;
  readonly behind?: ReactNode;
}

const hasAdvancedProblem = (problems: object): boolean =>
  ['maxJobs', 'executionTimeoutSeconds', 'baseUrl'].some((field) => field in problems);

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
