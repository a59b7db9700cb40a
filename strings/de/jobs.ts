/** The words of the pages *Queue* and *Job* in German. */
import type { JobStateName, RunPhase } from '../../contract/jobs.ts';
import type { jobWords as english } from '../en/jobs.ts';
import type { JobDoing } from '../vocabulary.ts';
import { plural } from './grammar.ts';

const STATE: Record<JobStateName, string> = {
  queued: 'Wartet',
  running: 'Läuft',
  completed: 'Fertig',
  failed: 'Fehlgeschlagen',
  cancelled: 'Abgebrochen',
};

const PHASE: Record<RunPhase, string> = {
  submitting: 'Wird übergeben',
  waiting: 'Wartet dort',
  executing: 'Läuft',
  fetching: 'Ergebnisse werden geholt',
  cancelling: 'Wird abgebrochen',
};

const jobs = (count: number): string => plural(count, 'Auftrag', 'Aufträge');
const because = (reason: string): string => (reason === '' ? '.' : `: ${reason}`);

const DONE: Record<JobDoing, (count: number) => string> = {
  cancel: (count) => `${jobs(count)} abgebrochen.`,
  retry: (count) => `${jobs(count)} neu eingereiht.`,
  retryElsewhere: (count) => `${jobs(count)} neu eingereiht.`,
  offload: (count) => `${jobs(count)} verschoben.`,
  bringBack: (count) => `${jobs(count)} zurückgeholt.`,
  delete: (count) => `${jobs(count)} gelöscht.`,
  cancelRemote: (count) =>
    count === 0 ? 'Auswärts war nichts mehr.' : `${jobs(count)} auf gemieteten Karten abgebrochen.`,
  move: () => 'Verschoben.',
};

const NOT_DONE: Record<JobDoing, (count: number, reason: string) => string> = {
  cancel: (count, reason) => `${jobs(count)} nicht abgebrochen${because(reason)}`,
  retry: (count, reason) => `${jobs(count)} nicht neu eingereiht${because(reason)}`,
  retryElsewhere: (count, reason) => `${jobs(count)} nicht neu eingereiht${because(reason)}`,
  offload: (count, reason) => `${jobs(count)} nicht verschoben${because(reason)}`,
  bringBack: (count, reason) => `${jobs(count)} nicht zurückgeholt${because(reason)}`,
  delete: (count, reason) => `${jobs(count)} nicht gelöscht${because(reason)}`,
  cancelRemote: (_count, reason) => `Die Aufträge auswärts wurden nicht abgebrochen${because(reason)}`,
  move: (_count, reason) => `Der Auftrag wurde nicht verschoben${because(reason)}`,
};

export const jobWords: typeof english = {
  state: STATE,
  phase: PHASE,
  done: DONE,
  notDone: NOT_DONE,

  group: { running: 'In Arbeit', waiting: 'Wartend', ended: 'Beendet' },
  summary: (running, waiting) =>
    running + waiting === 0
      ? 'Nichts läuft, nichts wartet.'
      : `${running} ${running === 1 ? 'läuft' : 'laufen'}, ${waiting.toLocaleString('de')} ${waiting === 1 ? 'wartet' : 'warten'}`,
  listFailed: 'Die Liste konnte nicht gelesen werden.',
  tryAgain: 'Erneut versuchen',
  loadingMore: 'Weitere werden geladen…',
  showAll: (group, count) =>
    count === null ? `${group}: alle zeigen` : `${group}: alle ${count.toLocaleString('de')} zeigen`,
  empty: 'Noch keine Aufträge',
  emptyHint: 'In ComfyUI „Ausführen“ drücken oder einen Workflow vom Terminal senden:',
  emptyCommand: 'stoker run workflow.json',
  noMatch: 'Kein Auftrag passt zu Suche und Filter.',
  clearFilter: 'Alle Aufträge zeigen',

  search: 'Titel, Tag oder Id suchen',
  clearSearch: 'Suche leeren',
  stateShown: 'Gezeigter Zustand',
  all: 'Alle',
  targetShown: 'Gezeigtes Ziel',
  everywhere: 'Alle Ziele',
  onlyTag: (tag) => `Nur Aufträge mit dem Tag ${tag}`,
  tagShown: (tag) => `Mit Tag ${tag}`,
  dropTag: (tag) => `Auch Aufträge ohne den Tag ${tag} zeigen`,

  local: 'Dieser Rechner',
  auto: 'Überall, wo es nichts kostet',
  onLocal: 'auf diesem Rechner',
  on: (target) => `auf ${target}`,
  wants: (target) => `für ${target}`,
  fromPage: 'aus ComfyUI',
  nodes: (count) => plural(count, 'Node', 'Nodes'),
  files: (count) => plural(count, 'Datei', 'Dateien'),
  took: (span) => `dauerte ${span}`,
  queuedAt: (moment) => `eingereiht ${moment}`,
  runsAt: (moment) => `nicht vor ${moment}`,
  attempt: (attempt) => `Versuch ${attempt}`,
  progress: (title) => `Fortschritt von ${title}`,
  preview: 'Was gerade entsteht',

  select: (title) => `${title} auswählen`,
  selectAll: (group) => `Alle auswählen: ${group}`,
  selected: (count) => `${count.toLocaleString('de')} ausgewählt`,
  clearSelection: 'Auswahl aufheben',
  actionsOf: (title) => `Aktionen für ${title}`,
  reorder: (title) => `${title} verschieben: Pfeiltasten, Pos1, Ende`,
  movedTo: (title, place, count) => `${title}: jetzt ${place} von ${count}`,

  cancel: 'Abbrechen',
  retry: 'Wiederholen',
  retryOn: (where) => `Wiederholen ${where}`,
  runOn: 'Verschieben nach',
  runOnTarget: (target) => `Verschieben nach ${target}`,
  bringBack: 'Zurückholen',
  delete: 'Löschen',
  move: { top: 'Ganz nach oben', up: 'Nach oben', down: 'Nach unten', bottom: 'Ganz nach unten' },
  cancelRemote: 'Alles auswärts abbrechen',

  ask: {
    keep: 'Nicht ändern',
    deleteTitle: (count) => (count === 1 ? 'Diesen Auftrag löschen?' : `${jobs(count)} löschen?`),
    deleteHint:
      'Damit gehen auch die Ergebnisse, die nur Stoker aufbewahrt. Was in den Ordnern von ComfyUI liegt, bleibt.',
    delete: 'Löschen',
    uncertainTitle: 'Neu einreihen und vielleicht noch einmal zahlen?',
    uncertainHint: (count) =>
      count === 1
        ? 'Niemand weiß, ob dieser Auftrag lief: Die Antwort des Ziels ging verloren. Ein weiterer Lauf kann noch einmal kosten.'
        : `Von ${count.toLocaleString('de')} Aufträgen weiß niemand, ob sie liefen: Die Antwort des Ziels ging verloren. Ein weiterer Lauf kann noch einmal kosten.`,
    uncertain: 'Neu einreihen',
    cancelRemoteTitle: 'Alles auswärts abbrechen?',
    cancelRemoteHint:
      'Jeder Auftrag auf jedem Endpunkt endet, ob er wartet oder läuft. Was ein laufender bis jetzt gekostet hat, bleibt gebucht.',
    cancelRemote: 'Alles abbrechen',
  },

  page: {
    back: 'Warteschlange',
    missing: 'Diesen Auftrag gibt es nicht. Vielleicht wurde er gelöscht.',
    failed: 'Der Auftrag konnte nicht gelesen werden.',
    inList: 'In der Liste zeigen',
    retryElsewhere: 'Anderswo wiederholen',
    outputs: 'Ergebnisse',
    noOutputs: 'Es sind keine Dateien entstanden.',
    noOutputsYet: 'Hier erscheinen Dateien, sobald er fertig ist.',
    inputs: 'Was er benutzt',
    noInputs: 'Er nennt keine Dateien.',
    inputFiles: 'Eingabedateien',
    models: 'Modelle',
    facts: 'Einzelheiten',
    target: 'Ziel',
    wanted: 'Gewünscht',
    queued: 'Eingereiht',
    started: 'Begonnen',
    ended: 'Beendet',
    duration: 'Dauer',
    waited: 'Gewartet',
    cost: 'Kosten',
    costHint: 'wie gebucht',
    priority: 'Priorität',
    tags: 'Tags',
    user: 'Benutzer',
    id: 'Kennung',
    timeline: 'Verlauf',
    log: 'Was ComfyUI währenddessen ausgab',
    noLog: 'Aus dieser Zeit ist nichts mehr da.',
    logFailed: 'Das Protokoll konnte nicht gelesen werden.',
    workflow: 'Workflow',
    copyWorkflow: 'Workflow kopieren',
    downloadWorkflow: 'Herunterladen',
    nodesByType: (type, count) => (count === 1 ? type : `${type} × ${count}`),
  },
};
