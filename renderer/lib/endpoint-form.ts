/** The form of an endpoint: what is typed, as the contract's schema judges it, and back. Money is typed in dollars, kept in millionths. Pure. */
import { type Endpoint, type EndpointBody, EndpointBodySchema, EndpointNameSchema } from '../../contract/endpoints.ts';
import { words } from '../words.ts';
import { readMoney, typedMoney } from './money.ts';
import { issueWords, readNumber } from './setting-value.ts';
import { targetNameProblem } from './target-name.ts';

export type PriceUnit = 'hour' | 'second';

export interface EndpointDraft {
  readonly name: string;
  readonly endpointId: string;
  readonly price: string;
  readonly priceUnit: PriceUnit;
  readonly capPerJob: string;
  readonly capPerDay: string;
  readonly capPerMonth: string;
  readonly maxJobs: string;
  readonly executionTimeoutSeconds: string;
  readonly baseUrl: string;
}
export type EndpointField = Exclude<keyof EndpointDraft, 'priceUnit'>;
export type EndpointProblems = Readonly<Partial<Record<EndpointField, string>>>;

export type EndpointReading =
  | { readonly kind: 'body'; readonly name: string; readonly body: EndpointBody }
  | { readonly kind: 'problems'; readonly problems: EndpointProblems };

const SECONDS: Readonly<Record<PriceUnit, number>> = { hour: 3600, second: 1 };

/** What RunPod's own dialog suggests is filled in; a price and limits are the user's to say. */
export function newDraft(): EndpointDraft {
  const { baseUrl, maxJobs, executionTimeoutSeconds } = EndpointBodySchema.shape;
  return {
    name: '',
    endpointId: '',
    price: '',
    priceUnit: 'hour',
    capPerJob: '',
    capPerDay: '',
    capPerMonth: '',
    maxJobs: String(maxJobs.parse(undefined)),
    executionTimeoutSeconds: String(executionTimeoutSeconds.parse(undefined)),
    baseUrl: baseUrl.parse(undefined),
  };
}

export function draftOf(endpoint: Endpoint): EndpointDraft {
  const cap = (microDollars: number | null): string => (microDollars === null ? '' : typedMoney(microDollars));
  const priceUnit = unitOf(endpoint.microDollarsPerSecond);
  return {
    name: endpoint.name,
    endpointId: endpoint.endpointId,
    price: typedMoney(endpoint.microDollarsPerSecond, SECONDS[priceUnit]),
    priceUnit,
    capPerJob: cap(endpoint.capPerJob),
    capPerDay: cap(endpoint.capPerDay),
    capPerMonth: cap(endpoint.capPerMonth),
    maxJobs: String(endpoint.maxJobs),
    executionTimeoutSeconds: String(endpoint.executionTimeoutSeconds),
    baseUrl: endpoint.baseUrl,
  };
}

/** RunPod names serverless prices per second; an hour is what people compare. The same sum reads the same again in its own unit. */
const unitOf = (microDollarsPerSecond: number): PriceUnit =>
  (microDollarsPerSecond * SECONDS.hour) % 10_000 === 0 ? 'hour' : 'second';

export function readDraft(draft: EndpointDraft): EndpointReading {
  const problems: Partial<Record<EndpointField, string>> = {};
  const refuse = (field: EndpointField, problem: string): undefined => {
    problems[field] = problem;
    return undefined;
  };
  const amount = (field: 'price' | 'capPerJob' | 'capPerDay' | 'capPerMonth', per = 1): number | undefined => {
    if (draft[field].trim() === '') return refuse(field, words.invalid.required);
    return readMoney(draft[field], per) ?? refuse(field, words.endpoints.form.notAnAmount);
  };
  const cap = (field: 'capPerJob' | 'capPerDay' | 'capPerMonth'): number | null | undefined =>
    draft[field].trim() === '' ? null : amount(field);
  const whole = (field: 'maxJobs' | 'executionTimeoutSeconds'): number | undefined => {
    const reading = readNumber(draft[field].trim(), true);
    return reading.kind === 'problem' ? refuse(field, reading.problem) : Number(reading.value);
  };

  const name = EndpointNameSchema.safeParse(draft.name.trim());
  if (!name.success) refuse('name', targetNameProblem(draft.name.trim()));
  const parsed = EndpointBodySchema.safeParse({
    endpointId: draft.endpointId,
    baseUrl: draft.baseUrl.trim().replace(/\/+$/, ''),
    microDollarsPerSecond: amount('price', SECONDS[draft.priceUnit]),
    maxJobs: whole('maxJobs'),
    executionTimeoutSeconds: whole('executionTimeoutSeconds'),
    capPerJob: cap('capPerJob'),
    capPerDay: cap('capPerDay'),
    capPerMonth: cap('capPerMonth'),
  });
  for (const issue of parsed.error?.issues ?? []) {
    const field = fieldOf(String(issue.path[0]));
    if (field === 'endpointId' && issue.code === 'invalid_format') problems[field] ??= words.endpoints.form.badId;
    else if (field === 'baseUrl') problems[field] ??= words.endpoints.form.badAddress;
    else if (field !== null) problems[field] ??= issueWords(issue);
  }
  const ownProblems = Object.keys(problems).length;
  if (parsed.data === undefined || !name.success || ownProblems > 0) return { kind: 'problems', problems };
  return { kind: 'body', name: name.data, body: parsed.data };
}

const fieldOf = (key: string): EndpointField | null =>
  key === 'microDollarsPerSecond' ? 'price' : key in newDraft() ? (key as EndpointField) : null;
