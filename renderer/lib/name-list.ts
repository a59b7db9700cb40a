/** A list of names as a person types it, one a line, and as an endpoint keeps it. Pure. */
import { EndpointListsSchema } from '../../contract/parity.ts';
import { words } from '../words.ts';

export type KnownKind = 'nodeTypes' | 'models';
export const KNOWN_KINDS: readonly KnownKind[] = ['nodeTypes', 'models'];

export interface ListDraft {
  /** Off: nobody says what there is. */
  readonly complete: boolean;
  readonly text: string;
}

export const listDraftOf = (list: readonly string[] | null): ListDraft => ({
  complete: list !== null,
  text: (list ?? []).join('\n'),
});

/** Null for no list. A name twice is once. */
export function readList({ complete, text }: ListDraft): readonly string[] | null {
  if (!complete) return null;
  const names = text.split(/\r?\n/).map((line) => line.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

/** What the contract would refuse, in words; null for nothing. */
export function listProblem(kind: KnownKind, list: readonly string[] | null): string | null {
  return EndpointListsSchema.shape[kind].safeParse(list).success ? null : words.targets.has.tooMany;
}
