/** The list of happenings as the page keeps it: newest first, each once, also after the engine restarted and counts from 1 again. */
import type { Happening } from '../../contract/events.ts';

const KEPT = 200;

export function addHappenings(kept: readonly Happening[], added: readonly Happening[]): readonly Happening[] {
  const seen = new Set(kept.map(keyOf));
  const fresh = added.filter((happening) => !seen.has(keyOf(happening)));
  if (fresh.length === 0) return kept;
  return [...kept, ...fresh].sort((a, b) => b.at - a.at || b.id - a.id).slice(0, KEPT);
}

export const keyOf = (happening: Happening): string => `${happening.id}@${happening.at}`;
