/** The tokens of the API port, in German. */
import type * as english from '../en/tokens.ts';

export const tokensWords: typeof english.tokensWords = {
  heading: 'Tokens',
  hint: 'Für jedes Programm eines, damit es sich ohne die anderen zurücknehmen lässt.',
  closed: 'Geschlossen: Er öffnet mit dem ersten Token.',
  open: 'Offen unter',
  notOpen: 'Es gibt ein Token, aber der Port ist nicht offen.',
  failed: 'Die Tokens konnten nicht gelesen werden.',
  made: (moment) => `angelegt ${moment}`,
  used: (moment) => `zuletzt benutzt ${moment}`,
  neverUsed: 'nie benutzt',
  name: 'Name eines neuen Tokens',
  nameExample: 'mein-programm',
  create: 'Token anlegen',
  creating: 'Wird angelegt…',
  badName: 'Buchstaben, Ziffern, Punkte, Binde- und Unterstriche, vorn ein Buchstabe oder eine Ziffer; höchstens 60.',
  nameInUse: 'Ein Token dieses Namens gibt es schon.',
  revoke: 'Widerrufen',
  revokeNamed: (name) => `${name} widerrufen`,
  fresh: {
    heading: (name) => `Das Token „${name}“`,
    once: 'Jetzt kopieren: Es wird nicht noch einmal gezeigt, und Stoker behält es nicht.',
    copy: 'Token kopieren',
    done: 'Ich habe es',
  },
  revoking: {
    title: (name) => `${name} widerrufen?`,
    explanation:
      'Sein Programm wird sofort abgewiesen, und was es hier offen hat, endet. Seine Aufträge laufen weiter.',
    last: 'Es ist das letzte: Der Port schließt.',
    keep: 'Behalten',
    revoke: 'Ja, widerrufen',
  },
  example: {
    heading: 'Erste Anfragen',
    health: 'Ist Stoker da?',
    submit: 'Einen Workflow senden: job.json enthält {"workflow": …}, im Format von „Export (API)“.',
    stand: 'TOKEN',
  },
};
