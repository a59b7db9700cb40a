/** How German counts and lists things. */
import type * as english from '../en/grammar.ts';

export const plural: typeof english.plural = (count, one, many) =>
  `${count.toLocaleString('de')} ${count === 1 ? one : many}`;
export const list: typeof english.list = (parts) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} und ${parts.at(-1)}`;
