/** RunPod endpoints on the page of targets, in German. */
import type * as english from '../en/endpoints.ts';
import { list, plural } from './grammar.ts';

export const endpointsWords: typeof english.endpointsWords = {
  heading: 'RunPod-Endpunkte',
  intro: 'Gemietete GPUs, an die Workflows geschickt werden können. Ohne ausdrücklichen Wunsch geht nichts dorthin.',
  add: 'Endpunkt hinzufügen',
  failed: 'Die Endpunkte konnten nicht gelesen werden.',
  empty: {
    heading: 'Noch kein Endpunkt',
    what: 'Ein Endpunkt ist ein ComfyUI auf einer bei RunPod gemieteten GPU, bezahlt nach Sekunden, solange es arbeitet. Damit lassen sich Workflows dort rechnen, und die Bilder kommen hierher zurück, während die eigene Karte schläft.',
    how: 'So kommt man zu einem',
    steps: [
      'Auf runpod.io „Serverless → New Endpoint“ öffnen und die Vorlage „ComfyUI“ (worker-comfyui) wählen.',
      'Eine GPU wählen, „Active workers“ auf 0 stellen, damit er in Ruhe nichts kostet, und anlegen.',
      'Die Endpunkt-ID kopieren, unter „Settings → API Keys“ einen Schlüssel anlegen und beides hier eintragen.',
    ],
    link: 'RunPod Serverless öffnen',
  },

  state: {
    ready: 'Bereit',
    noKey: 'Braucht seinen Schlüssel',
    paused: 'Pausiert',
    byYou: 'Von Hand pausiert.',
    noKeyHint: 'Solange der API-Schlüssel fehlt, wird nichts dorthin geschickt.',
  },
  price: (second, hour) => `${second} je Sekunde · ${hour} je Stunde`,
  free: 'Kein Preis angegeben: Die Kosten werden nicht gezählt.',
  limits: (jobs, span) => `${plural(jobs, 'Auftrag', 'Aufträge')} zugleich, jeder höchstens ${span}`,
  endpointId: 'Endpunkt-ID',
  key: 'API-Schlüssel',
  keyOf: (name) => `API-Schlüssel von ${name}`,

  spend: {
    today: 'Heute',
    month: 'Dieser Monat',
    of: (spent, cap) => `${spent} von ${cap}`,
    noCap: 'ohne Grenze',
    reserved: (sum) => `davon ${sum} für laufende Aufträge zurückgelegt`,
    reached: 'Die Grenze ist erreicht: Es wird nichts mehr geschickt.',
    perJob: (cap) => `Höchstens ${cap} je Auftrag`,
  },

  action: {
    test: 'Testen',
    testing: 'Wird gefragt…',
    pause: 'Pausieren',
    resume: 'Wieder nutzen',
    edit: 'Bearbeiten',
    remove: 'Entfernen',
    cancelRemote: 'Alles Entfernte abbrechen',
  },
  named: (action, name) => `${action}: ${name}`,

  test: {
    answers: 'Er antwortet.',
    noWorkers: 'Kein Worker ist an.',
    workers: (groups) => `Worker: ${list(groups)}.`,
    worker: {
      running: (count) => `${count} bei der Arbeit`,
      ready: (count) => `${count} bereit`,
      idle: (count) => `${count} im Leerlauf`,
      initializing: (count) => `${count} beim Start`,
      throttled: (count) => `${count} ohne freie GPU`,
      unhealthy: (count) => `${count} defekt`,
    },
    queue: (waiting, running) =>
      `Warteschlange: ${waiting} ${waiting === 1 ? 'wartet' : 'warten'}, ${running} ${running === 1 ? 'läuft' : 'laufen'}.`,
    coldStart: 'Der erste Auftrag startet einen; das dauert Sekunden bis Minuten (Kaltstart).',
    throttled:
      'RunPod hat gerade keine freie GPU dieser Art. Warten, oder in den Einstellungen des Endpunkts bei RunPod mehr Arten erlauben.',
    unhealthy:
      'Ein Worker startet nicht. Sein Protokoll bei RunPod lesen; oft stimmt das Image oder ein Modellpfad nicht.',
  },

  form: {
    add: 'Endpunkt hinzufügen',
    edit: (name) => `${name} bearbeiten`,
    name: 'Name',
    nameHint: 'Wie er hier heißt, zum Beispiel „runpod-4090“.',
    endpointId: 'Endpunkt-ID',
    endpointIdHint: 'Von der Seite des Endpunkts bei RunPod.',
    price: 'Preis',
    priceHint: 'Was ein Worker kostet, solange er läuft; so, wie RunPod es auf der Seite des Endpunkts nennt.',
    unit: 'Einheit des Preises',
    units: { hour: 'je Stunde', second: 'je Sekunde' },
    equals: (price) => `= ${price}`,
    capPerDay: 'Grenze je Tag',
    capPerMonth: 'Grenze je Monat',
    capPerJob: 'Grenze je Auftrag',
    capHint:
      'In US-Dollar. Laufende Aufträge zählen mit dem, was sie höchstens kosten: Die Grenze wird nie überschritten.',
    capPerJobHint: 'Hat ein Auftrag so viel gekostet, wird er beendet.',
    noCap: 'ohne Grenze',
    maxJobs: 'Aufträge zugleich',
    maxJobsHint: 'So viele, wie der Endpunkt Worker hat.',
    executionTimeoutSeconds: 'Zeitgrenze eines Auftrags',
    executionTimeoutHint: 'RunPod beendet, was länger läuft.',
    seconds: 's',
    baseUrl: 'Adresse',
    baseUrlHint: 'Die von RunPod, wenn nichts dagegen spricht.',
    advanced: 'Weiteres',
    save: 'Speichern',
    saveNew: 'Hinzufügen',
    saving: 'Wird gespeichert…',
    cancel: 'Abbrechen',
    thenKey: 'Als Nächstes: den API-Schlüssel setzen.',
    notAnAmount: 'Ein Betrag in Dollar, zum Beispiel 0,00034.',
    badName: 'Kleine Buchstaben, Ziffern und Bindestriche, vorn ein Buchstabe; höchstens 40.',
    nameTaken: '„auto“ und „local“ bedeuten hier etwas anderes.',
    nameInUse: 'Einen Endpunkt dieses Namens gibt es schon.',
    badId: 'Nur Buchstaben, Ziffern, - und _: die ID, nicht die ganze Adresse.',
    badAddress: 'Eine vollständige Adresse mit https://.',
  },

  removing: {
    title: (name) => `${name} entfernen?`,
    explanation:
      'Einstellungen und Schlüssel werden hier vergessen. Der Endpunkt bei RunPod bleibt, und auch, was ausgegeben wurde.',
    keep: 'Behalten',
    remove: 'Ja, entfernen',
  },
  emptying: {
    action: 'Warteschlange leeren…',
    title: (name, waiting) => `${plural(waiting, 'Auftrag', 'Aufträge')} aus der Warteschlange von ${name} entfernen?`,
    explanation:
      'Alles, was dort wartet, wird entfernt, auch was andere Programme geschickt haben. Was läuft, läuft weiter. Nichts davon kommt zurück.',
    keep: 'So lassen',
    empty: 'Leeren',
    done: (cancelled, removed) =>
      `Geleert: ${plural(cancelled, 'Auftrag', 'Aufträge')} von Stoker abgebrochen, ${removed} von RunPod entfernt.`,
  },
  cancelling: {
    title: 'Alles Entfernte abbrechen?',
    explanation:
      'Jeder Auftrag, der auf einen Endpunkt wartet oder dort läuft, wird abgebrochen. Was bis dahin lief, ist bezahlt; Aufträge auf diesem Computer laufen weiter.',
    keep: 'Laufen lassen',
    cancel: 'Alle abbrechen',
    done: (count) =>
      count === 0 ? 'Es gab nichts abzubrechen.' : `${plural(count, 'Auftrag', 'Aufträge')} abgebrochen.`,
  },
};
