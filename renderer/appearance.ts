/** Light or dark: the system's wish, or what was chosen in this browser. Says it on the root element, where the style sheet reads it. */
import type { Preferences } from '../contract/desktop.ts';
import { desktop } from './desktop.ts';
import { keepAppearance, keptAppearance } from './lib/browser-choice.ts';

type Appearance = Preferences['appearance'];

const CHANGED = 'stoker:appearance';
const system = window.matchMedia('(prefers-color-scheme: dark)');

function apply(): void {
  // The shell sets its choice as the wish of the system: what this browser keeps is not asked there.
  const wish = desktop === null ? keptAppearance() : 'system';
  const dark = wish === 'system' ? system.matches : wish === 'dark';
  document.documentElement.dataset.appearance = dark ? 'dark' : 'light';
  window.dispatchEvent(new Event(CHANGED));
}

export function startAppearance(): void {
  system.addEventListener('change', apply);
  apply();
}

export function chooseAppearance(appearance: Appearance): void {
  keepAppearance(appearance);
  apply();
}

/** Colours on the page are other ones now. Returns the way to stop listening. */
export function onAppearanceChange(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
}
