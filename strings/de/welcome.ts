/** The guide of the first run, in German. */
import type * as english from '../en/welcome.ts';

export const welcomeWords: typeof english.welcomeWords = {
  steps: 'Schritte der Einführung',
  step: (number, count) => `Schritt ${number} von ${count}`,
  name: { comfyui: 'ComfyUI', sleep: 'Schlaf', login: 'Anmeldung', done: 'Fertig' },
  skip: 'Einführung überspringen',
  back: 'Zurück',
  next: 'Weiter',
  saving: 'Wird gespeichert…',

  comfyui: {
    heading: 'Wo liegt ComfyUI?',
    intro: 'Stoker startet es, wenn es gebraucht wird, und gibt die Karte frei, wenn nicht.',
  },
  sleep: {
    heading: 'Wann soll es schlafen?',
    intro:
      'Im Schlaf belegt ComfyUI nichts von der Karte. Es wacht von selbst auf, wenn es geöffnet wird oder ein Auftrag kommt.',
    label: 'Leerlaufzeit',
    minutes: { 2: 'Nach 2 Minuten', 5: 'Nach 5 Minuten', 15: 'Nach 15 Minuten', 60: 'Nach einer Stunde', 0: 'Nie' },
    hint: {
      2: 'Die Karte ist fast sofort frei.',
      5: 'Für die meisten richtig.',
      15: 'Weniger Starts beim Ausprobieren.',
      60: 'Für langsame Starts und lange Pausen.',
      0: 'ComfyUI bleibt im Speicher, bis es von Hand beendet wird.',
    },
    other: (span) => `Wie bisher: nach ${span}`,
    otherHint: 'Die eigene Zeit aus den Einstellungen.',
  },
  login: {
    heading: 'Mit dem Computer starten?',
    intro: 'Dann gilt die Adresse von ComfyUI immer: Stoker wartet in der Leiste und belegt nichts von der Karte.',
    yes: 'Beim Anmelden starten',
    yesHint: 'Öffnet kein Fenster.',
    no: 'Von Hand starten',
    noHint: 'ComfyUI ist nur erreichbar, während Stoker läuft.',
  },
  done: {
    heading: 'Das ist alles',
    intro:
      'ComfyUI wacht auf, wenn es geöffnet wird, und schläft ein, wenn niemand mehr da ist. Die Adresse bleibt gleich:',
    withoutComfyui: 'Stoker ist bereit. Es fehlt noch ein ComfyUI: hier oder jederzeit in den Einstellungen zu wählen.',
    openComfyui: 'ComfyUI öffnen',
    openOverview: 'Zur Übersicht',
  },
};
