/** The page of targets, in German. */
import type * as english from '../en/targets.ts';
import { plural } from './grammar.ts';

export const targetsWords: typeof english.targetsWords = {
  heading: 'Ziele',
  intro: 'Wo Aufträge außer auf diesem Rechner laufen können.',

  trouble: 'Ruht nach Störungen',
  triedIn: (countdown) => `nächster Versuch in ${countdown}`,
  triedNext: 'Gestört: Der nächste Auftrag versucht es',
  held: (count) =>
    count === 0 ? 'Gerade kein eigener Auftrag dort' : `${plural(count, 'eigener Auftrag', 'eigene Aufträge')} dort`,
  keyOf: (name) => `Schlüssel von ${name}`,

  servers: {
    heading: 'Andere Server',
    intro: 'Eigene ComfyUI auf anderen Rechnern, mit oder ohne Stoker davor. Sie kosten nichts.',
    add: 'Server hinzufügen',
    failed: 'Die Server konnten nicht gelesen werden.',
    empty:
      'Noch kein anderer Server. Mit seiner Adresse laufen Aufträge dort, während dieser Rechner etwas anderes tut.',
    asking: 'Wird gefragt…',
    answers: 'Antwortet',
    version: (version) => `Antwortet, ComfyUI ${version}`,
    asleep: 'Antwortet, schläft',
    silent: 'Antwortet nicht',
    queue: (waiting, running) =>
      waiting + running === 0
        ? 'seine Warteschlange ist leer'
        : `seine Warteschlange: ${running} ${running === 1 ? 'läuft' : 'laufen'}, ${waiting} ${waiting === 1 ? 'wartet' : 'warten'}`,
    limits: (jobs) => `${plural(jobs, 'Auftrag', 'Aufträge')} zugleich`,
    automatic: 'macht von selbst mit',
    byNameOnly: 'nur wenn genannt',
    key: 'Schlüssel',
    form: {
      add: 'Server hinzufügen',
      edit: (name) => `${name} bearbeiten`,
      name: 'Name',
      nameHint: 'Wie er hier heißt, zum Beispiel „studio“.',
      url: 'Adresse',
      urlHint: 'Wie der Browser ihn öffnet. Wo ein Stoker ihn schlafen lässt, die Adresse dieses Stokers.',
      maxJobs: 'Aufträge zugleich',
      maxJobsHint: 'Weitere warten hier, wo sie noch anderswohin können.',
      automatic: 'Von selbst mitmachen',
      automaticHint: 'Aufträge für „Überall, wo es nichts kostet“ dürfen dorthin; sonst nur, was ihn nennt.',
      badAddress: 'Eine vollständige Adresse, zum Beispiel http://192.168.1.20:8188.',
      nameInUse: 'Einen Server dieses Namens gibt es schon.',
      thenKey: 'Verlangt er einen Schlüssel oder ein Zugriffstoken: hier setzen.',
    },
    removing: {
      title: (name) => `${name} entfernen?`,
      explanation: 'Adresse und Schlüssel werden hier vergessen. Auf jenem Rechner ändert sich nichts.',
    },
  },

  has: {
    summary: 'Was er hat',
    intro: 'Braucht ein Auftrag, was fehlt, wird er abgewiesen, bevor er etwas kostet.',
    failed: 'Was er hat, konnte nicht gelesen werden.',
    kind: { nodeTypes: 'Custom Nodes', models: 'Modelle' },
    listed: (count) => `${plural(count, 'Name', 'Namen')} in der eigenen Liste`,
    nothingListed: 'Die eigene Liste ist leer: Er hat keine',
    noList: 'Keine eigene Liste',
    noListHint: 'Was kein Lauf gezeigt hat, wird versucht.',
    present: (count) => `${count.toLocaleString('de')} durch Läufe belegt`,
    absent: (count) => `${count.toLocaleString('de')} fehlen, wie Läufe zeigten`,
    nothingLearnt: 'Noch kein Lauf hat etwas gezeigt',
    edit: 'Listen bearbeiten',
    forget: 'Von Läufen Gelerntes vergessen',
    forgetHint: 'Nachdem Image oder Volume geändert wurde.',
    forgotten: 'Vergessen.',
    saved: 'Gespeichert.',
    complete: { nodeTypes: 'Alle Custom Nodes auflisten', models: 'Alle Modelle auflisten' },
    hint: {
      nodeTypes:
        'Node-Typen, wie Workflows sie nennen, einer je Zeile. Die von ComfyUI selbst gehören nicht dazu. Was nicht in der Liste steht, ist nicht da.',
      models: 'Wie Workflows sie nennen, mit Ordnern, eines je Zeile. Was nicht in der Liste steht, ist nicht da.',
    },
    listOf: { nodeTypes: 'Liste der Custom Nodes', models: 'Liste der Modelle' },
    tooMany: 'Höchstens 20.000 Namen mit je höchstens 300 Zeichen.',
    save: 'Listen speichern',
    saving: 'Wird gespeichert…',
    cancel: 'Abbrechen',
  },
};
