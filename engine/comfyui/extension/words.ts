/** The words of the extension in the language that the page is set to. Holds no word itself: they lie in `strings/`. */
import { comfyuiPageWords as german } from '../../../strings/de/comfyui-page.ts';
import { type ComfyuiPageWords, comfyuiPageWords as english } from '../../../strings/en/comfyui-page.ts';
import type { ComfyPage } from './comfy-page.ts';

/** English until `speakAs` was called. */
export let WORDS: ComfyuiPageWords = english;

/** How times of day are written. */
export let locale = 'en';

/** @param page whose setting counts; one that has none is read in the language of the browser */
export function speakAs(page: ComfyPage, browserLanguage: string): void {
  const chosen = page.extensionManager?.setting?.get('Comfy.Locale');
  locale = typeof chosen === 'string' && chosen !== '' ? chosen : browserLanguage;
  WORDS = /^de\b/i.test(locale) ? german : english;
}

/** @param iso a moment, as the API tells it @returns its time of day: `17:40` */
export const clockOf = (iso: string): string =>
  new Date(iso).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
