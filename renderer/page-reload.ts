/** Loads the page anew, in another language, without losing what was typed in the settings. */
import type { Draft } from './lib/settings-draft.ts';

const DRAFT_KEY = 'stoker.draft';

let reloading = false;

/** Drafts hold no secrets: those are saved by themselves. */
export function reloadKeeping(draft: Draft): void {
  sessionStorage.setItem(DRAFT_KEY, JSON.stringify(draft));
  reloading = true;
  window.location.reload();
}

/** Nothing is lost by this reload: no warning is due. */
export const isReloading = (): boolean => reloading;

/** The draft of before the reload, once. */
export function takeKeptDraft(): Draft {
  const kept = sessionStorage.getItem(DRAFT_KEY);
  sessionStorage.removeItem(DRAFT_KEY);
  return kept === null ? {} : (JSON.parse(kept) as Draft);
}
