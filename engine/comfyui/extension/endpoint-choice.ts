/** Where a press of the button goes: to the one endpoint there is, to the picker, or nowhere, with the reason. Pure. */
import type { Endpoint } from '../../../contract/endpoints.ts';
import { allowedSeconds, dollars, refusal } from '../../money/budget.ts';
import { WORDS } from './words.ts';

export interface EndpointOption {
  readonly name: string;
  /** Price and worst cost, in words. */
  readonly price: string;
  /** Millionths of a US dollar. */
  readonly mostMicroDollars: number;
  /** Why it cannot be used now; null when it can. */
  readonly blocked: string | null;
  /** Why a job would wait there; null when it would not. */
  readonly remark: string | null;
}

export type EndpointChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'blocked'; readonly reasons: readonly string[] }
  | { readonly kind: 'use'; readonly option: EndpointOption }
  | { readonly kind: 'pick'; readonly options: readonly EndpointOption[]; readonly preselected: string };

/** @param last the endpoint that was picked the last time */
export function chooseEndpoint(endpoints: readonly Endpoint[], last: string | null): EndpointChoice {
  const options = endpoints.map(optionOf);
  const [only] = options;
  const usable = options.filter(({ blocked }) => blocked === null);
  const [first] = usable;
  if (only === undefined) return { kind: 'none' };
  if (first === undefined)
    return { kind: 'blocked', reasons: options.map(({ name, blocked }) => `${name}: ${blocked}`) };
  if (options.length === 1) return { kind: 'use', option: only };
  const preselected = usable.some(({ name }) => name === last) ? last : null;
  return { kind: 'pick', options, preselected: preselected ?? first.name };
}

function optionOf(endpoint: Endpoint): EndpointOption {
  const { name, microDollarsPerSecond, hasKey, paused, spend } = endpoint;
  const mostMicroDollars = Math.max(0, allowedSeconds(endpoint)) * microDollarsPerSecond;
  const waits = refusal(endpoint, spend);
  return {
    name,
    price: WORDS.price(dollarsPerSecond(microDollarsPerSecond), dollars(mostMicroDollars)),
    mostMicroDollars,
    blocked: paused !== null ? WORDS.pausedBecause(paused) : hasKey ? null : WORDS.noKey,
    // A limit that is reached is no reason to refuse: it has room again when running jobs cost less than held.
    remark: waits === null ? null : WORDS.wouldWait(waits),
  };
}

/** Prices a second are small: `$0.00031`. */
const dollarsPerSecond = (microDollars: number): string =>
  `$${(microDollars / 1_000_000).toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
