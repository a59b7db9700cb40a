/** Words of the system's notifications, in German. */
import type { NotificationWords } from '../en/notifications.ts';
import type { ErrorWords } from '../vocabulary.ts';
import { engineWords } from './engine.ts';
import { list, plural } from './grammar.ts';

const span = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
const errors: Readonly<Record<string, ErrorWords | undefined>> = engineWords.error;
function reason(code: string, sentence: string): string {
  const known = errors[code];
  if (known === undefined) return sentence;
  return known.withDetail === true ? `${known.title} ${sentence}` : known.title;
}

export const notificationWords: NotificationWords = {
  jobs: {
    title: ({ done, failed, images }) => {
      if (done === 0) return failed === 1 ? 'Ein Auftrag ist fehlgeschlagen' : `${failed} Aufträge sind fehlgeschlagen`;
      const ready =
        images > 0 ? `${plural(images, 'Bild', 'Bilder')} fertig` : `${plural(done, 'Auftrag', 'Aufträge')} fertig`;
      return failed === 0 ? ready : `${ready}, ${failed} fehlgeschlagen`;
    },
    body: (names, more, seconds) => {
      const named = list(more > 0 ? [...names, `${more} weitere`] : names);
      return [named, seconds === null ? '' : span(seconds)].filter((part) => part !== '').join(', ');
    },
  },
  offloadOffered: (waiting, target) => ({
    title: `${plural(waiting, 'Auftrag wartet', 'Aufträge warten')} auf diesen Rechner`,
    body: `Nach ${target} auslagern?`,
  }),
  budgetReached: (target) => ({
    title: `Die Grenze von ${target} ist erreicht`,
    body: 'Aufträge warten, bis wieder Geld frei ist oder die Grenze angehoben wird.',
  }),
  crashed: (code, sentence) => ({ title: 'ComfyUI ist abgestürzt und startet erneut', body: reason(code, sentence) }),
  failed: (code, sentence) => ({ title: 'ComfyUI läuft nicht', body: reason(code, sentence) }),
  woke: { title: 'ComfyUI ist wach', body: '' },
  slept: { title: 'ComfyUI schläft', body: 'Die Karte ist frei.' },
  engineGone: (why) => ({ title: 'Stokers Dienst läuft nicht', body: why }),
};
