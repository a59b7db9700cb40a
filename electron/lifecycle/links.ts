/** Reads `stoker://` links. Any web page can send one, so a link only opens a page of ours; everything else in it is refused. */
import { LINK_SCHEME, LINK_TARGETS, type LinkTarget } from '../../contract/desktop.ts';

/** null for whatever is not exactly `stoker://<target>`, with or without a slash at the end. */
export function parseLink(text: string): LinkTarget | null {
  const name = new RegExp(`^${LINK_SCHEME}://([a-z]+)/?$`, 'i').exec(text.trim())?.[1]?.toLowerCase();
  return LINK_TARGETS.find((target) => target === name) ?? null;
}

/** The last link among the arguments of a program start: Chromium puts switches of its own before ours. */
export function linkAmong(words: readonly string[]): LinkTarget | null {
  const link = [...words].reverse().find((word) => word.toLowerCase().startsWith(`${LINK_SCHEME}:`));
  return link === undefined ? null : parseLink(link);
}
