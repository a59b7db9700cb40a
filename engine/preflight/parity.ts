/** Whether a place has what a workflow needs, by what the user says of it and what runs have taught. Pure. */
import type { WorkflowNeeds } from './needs.ts';

export interface KnownThings {
  /** All that there is besides what ComfyUI itself brings, as the user says; null when nobody said. */
  readonly listed: ReadonlySet<string> | null;
  /** Proved by runs. */
  readonly present: ReadonlySet<string>;
  /** Disproved by runs. */
  readonly absent: ReadonlySet<string>;
}

export interface KnownPlace {
  readonly nodeTypes: KnownThings;
  readonly models: KnownThings;
}

export interface Parity {
  readonly missingNodeTypes: readonly string[];
  readonly missingModels: readonly string[];
  /** Nobody knows of these. */
  readonly unproved: readonly string[];
}

/** @param isCore a node type that every ComfyUI has */
export function compare(needs: WorkflowNeeds, place: KnownPlace, isCore: (nodeType: string) => boolean): Parity {
  const nodes = needs.nodeTypes.map((name) => [name, verdict(name, place.nodeTypes, isCore(name))] as const);
  const models = needs.models.map((name) => [name, verdict(name, place.models, false)] as const);
  const having = (wanted: Verdict, list: typeof nodes): string[] =>
    list.filter(([, found]) => found === wanted).map(([name]) => name);
  return {
    missingNodeTypes: having('missing', nodes),
    missingModels: having('missing', models),
    unproved: [...having('unknown', nodes), ...having('unknown', models)],
  };
}

type Verdict = 'there' | 'missing' | 'unknown';

/** A run knows better than a list. */
function verdict(name: string, { listed, present, absent }: KnownThings, isCore: boolean): Verdict {
  if (absent.has(name)) return 'missing';
  if (isCore || present.has(name)) return 'there';
  if (listed === null) return 'unknown';
  return listed.has(name) ? 'there' : 'missing';
}
