/** The words of the extension in the language that the page is set to. Holds no word itself: they lie in `strings/`. */
import { comfyuiPageWords as german } from '../../../strings/de/comfyui-page.ts';
import { type ComfyuiPageWords, comfyuiPageWords as english } from '../../../strings/en/comfyui-page.ts';
import type { ComfyPage } from './comfy-page.ts';

/** English until `speakAs` was called. */
export let WORDS: ComfyuiPageWords = english;

/** How times of day are written. */
export let locale = 'en';

/**
 * @param page whose setting counts; one that tells none is read in the language of the browser
 * @param browserLanguages tags, best first
 */
export function speakAs(page: ComfyPage, browserLanguages: readonly string[]): void {
  const chosen = page.extensionManager?.setting?.get('Comfy.Locale');
  const wanted = typeof chosen === 'string' && chosen !== '' ? chosen : (browserLanguages[0] ?? 'en');
  // The setting has no country, and times of day are written by it.
  locale = browserLanguages.find((tag) => primary(tag) === primary(wanted)) ?? wanted;
  WORDS = primary(wanted) === 'de' ? german : english;
}

/** The language of a tag: `de` of `de-AT`. */
const primary = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/** @param iso a moment, as the API tells it @returns its time of day: `17:40` */
export const clockOf = (iso: string): string =>
  new Date(iso).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
