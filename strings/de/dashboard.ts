/** Every word of the dashboard in German; other parts of it lie beside this file. */
import type { DoctorCheck, Installation } from '../../contract/doctor.ts';
import type { LogLine } from '../../contract/events.ts';
import type { Blocker } from '../../contract/status.ts';
import type { BootPhase } from '../../contract/supervisor-state.ts';
import type { DashboardWords } from '../en/dashboard.ts';
import type { ActionName, Mood, Page, VramPart } from '../vocabulary.ts';
import { computerWords } from './computer.ts';
import { endpointsWords } from './endpoints.ts';
import { engineWords } from './engine.ts';
import { galleryWords } from './gallery.ts';
import { list, plural } from './grammar.ts';
import { jobWords } from './jobs.ts';
import { invalidWords, secretWords, settingsFileWords, settingsPageWords, settingWords } from './settings.ts';
import { targetsWords } from './targets.ts';
import { tokensWords } from './tokens.ts';
import { welcomeWords } from './welcome.ts';

const PAGE: Record<Page, string> = {
  overview: 'Übersicht',
  queue: 'Warteschlange',
  job: 'Auftrag',
  gallery: 'Galerie',
  targets: 'Ziele',
  logs: 'Protokoll',
  settings: 'Einstellungen',
  doctor: 'Diagnose',
  welcome: 'Willkommen',
};

const MOOD: Record<Mood, string> = {
  unconfigured: 'Willkommen',
  asleep: 'Schläft',
  waking: 'Wacht auf',
  ready: 'Bereit',
  working: 'Arbeitet',
  stopping: 'Wird beendet',
  lent: 'Karte verliehen',
  backingOff: 'Abgestürzt',
  failed: 'Fehlgeschlagen',
};

/** A failure that has a better word. Codes of contract/errors.ts. */
const FAILED: Readonly<Record<string, string>> = {
  gave_up: 'Aufgegeben',
  crashed: 'Abgestürzt',
  hung: 'Hängt',
  stop_failed: 'Lässt sich nicht beenden',
  exited_early: 'Nicht gestartet',
  start_timeout: 'Nicht gestartet',
  command_not_found: 'Start nicht möglich',
  folder_invalid: 'Start nicht möglich',
  python_missing: 'Start nicht möglich',
  private_port_taken: 'Start nicht möglich',
  invalid_settings: 'Start nicht möglich',
};

const ACTION: Record<ActionName, string> = {
  start: 'ComfyUI wecken',
  tryAgain: 'Erneut versuchen',
  tryNow: 'Jetzt versuchen',
  startWithoutCustomNodes: 'Ohne Custom Nodes starten',
  cancelStart: 'Start abbrechen',
  sleep: 'Jetzt schlafen',
  stopTrying: 'Nicht mehr versuchen',
  restart: 'Neu starten',
  restartWithoutCustomNodes: 'Ohne Custom Nodes neu starten',
  free: 'VRAM freigeben',
  pause: 'Pausieren und Karte freigeben',
  resume: 'Fortsetzen',
};

const PHASE: Record<BootPhase, string> = {
  launching: 'Aufruf',
  python: 'Python',
  torch: 'PyTorch',
  customNodes: 'Custom Nodes',
  server: 'Server',
};

const BLOCKER: Record<Blocker, string> = {
  running: 'ein Auftrag läuft',
  pending: 'Aufträge warten',
  held: 'Anfragen auf ComfyUI warten',
  upload: 'etwas hochgeladen wird',
  download: 'etwas heruntergeladen wird',
  request: 'eine Anfrage beantwortet wird',
  keepAwake: 'es wach bleiben soll',
  queueUnknown: 'ComfyUI nicht sagt, ob es Arbeit hat',
};

const VRAM: Record<VramPart, string> = { comfy: 'ComfyUI', others: 'Andere Programme', used: 'Belegt', free: 'Frei' };

const LEVEL: Record<LogLine['level'], string> = { info: 'Hinweis', warning: 'Warnung', error: 'Fehler' };

const OUTCOME: Record<DoctorCheck['outcome'], string> = {
  ok: 'In Ordnung',
  warning: 'Warnung',
  problem: 'Problem',
  skipped: 'Ausgelassen',
};

const INSTALLATION_KIND: Record<Installation['kind'], string> = {
  git: 'Git-Klon',
  portable: 'Portable Version',
  desktop: 'Comfy Desktop',
  stabilityMatrix: 'Stability Matrix',
  pinokio: 'Pinokio',
  configured: 'In Gebrauch',
  running: 'Läuft gerade',
};

export const words: DashboardWords = {
  product: 'Stoker',
  page: PAGE,
  pages: 'Seiten',
  morePages: 'Andere Seiten',
  skipToContent: 'Zum Inhalt springen',
  demo: 'Demo',
  demoHint: 'Der eingebaute Simulator steht für ComfyUI.',
  openComfyUI: 'ComfyUI öffnen',
  opensNewTab: '(öffnet einen neuen Tab)',
  copy: 'Kopieren',
  copied: 'Kopiert',
  copyFailed: 'Der Browser hat das Kopieren abgelehnt',
  dismiss: 'Ausblenden',
  loading: 'Wird geladen…',
  noSuchPage: (path) => `Unter ${path} gibt es keine Seite.`,
  toOverview: 'Zur Übersicht',

  mood: MOOD,
  failed: FAILED,
  action: ACTION,
  titleWith: (state) => `${state} · Stoker`,
  titleOfPage: (page, state) => (page === 'overview' ? state : `${PAGE[page]} · ${state}`),
  workingTitle: (percent) => `Arbeitet ${percent}`,
  headerState: (state) => `ComfyUI: ${state.charAt(0).toLowerCase()}${state.slice(1)}`,
  stateAnnouncement: (state, reason) => `ComfyUI: ${state}. ${reason}`,

  state: {
    sleepsIn: 'Schläft in',
    neverSleeps: 'Schläft nicht von selbst',
    neverSleepsHint: 'Die Leerlaufzeit ist in den Einstellungen ausgeschaltet.',
    staysAwake: 'Bleibt wach,',
    becauseOf: (blockers) => `weil ${list(blockers.map((blocker) => BLOCKER[blocker]))}`,
    workingOn: (prompt) => `Auftrag ${prompt}`,
    awakeForWork: (running, pending) =>
      `Bleibt wach: ${running} ${running === 1 ? 'läuft' : 'laufen'}, ${pending} ${pending === 1 ? 'wartet' : 'warten'}`,
    thenSleeps: 'Schläft, wenn die Warteschlange fertig ist',
    asleepFor: 'Schläft seit',
    stoppingFor: 'Wird beendet seit',
    keptAwakeUntil: 'Bleibt wach bis',
    freesIn: (countdown) => `Gibt VRAM in ${countdown} frei`,
    freed: 'VRAM ist schon freigegeben',
    wakesBy: 'ComfyUI wacht auf, wenn es geöffnet wird oder ein Auftrag kommt.',
    held: (count) => `${plural(count, 'Anfrage wartet', 'Anfragen warten')} darauf.`,
    retryIn: 'Startet erneut in',
    retrying: 'Startet jetzt erneut',
    attempt: (attempt) => `Versuch ${attempt}`,
    suspect: 'Verdacht',
    whatToDo: 'Was tun',
    lastLines: 'Die letzten Zeilen der Ausgabe',
    noLines: 'Es gab keine Ausgabe.',
    detail: 'Bericht von Stoker',
    exit: (code, signal) => (signal !== null ? `beendet durch ${signal}` : code !== null ? `Exit-Code ${code}` : null),
    openLog: 'Protokoll öffnen',
    runDoctor: 'Diagnose ausführen',
  },

  card: {
    free: (cards, free, total) =>
      cards === 1 ? `Die Karte ist frei: ${free} von ${total}.` : `${cards} Karten sind frei: ${free} von ${total}.`,
    othersHold: (others, free, total) => `Andere Programme belegen ${others}; ${free} von ${total} sind frei.`,
    comfyHolds: (comfy, free, total) => `ComfyUI belegt ${comfy}; ${free} von ${total} sind frei.`,
    inUse: (used, total) => `${used} von ${total} sind belegt.`,
  },

  courtesy: {
    paused: 'Pausiert',
    draining: 'Die Karte wird abgegeben, sobald der laufende Auftrag fertig ist.',
    since: 'Verliehen seit',
    pausedFor: 'Pausiert seit',
    until: 'Zurück in',
    kept: (count) =>
      count === 1
        ? '1 Auftrag ist aufgehoben und läuft weiter, sobald die Karte zurück ist.'
        : `${plural(count, '', 'Aufträge')} sind aufgehoben und laufen weiter, sobald die Karte zurück ist.`,
    leases: 'Wer um die Karte gebeten hat',
    lease: (owner, reason) => (reason === '' ? owner : `${owner}: ${reason}`),
    leaseUntil: (moment) => `bis ${moment}`,
    waits: 'wartet auf den laufenden Auftrag',
    resumeHint: '„Fortsetzen“ holt die Karte sofort zurück.',
  },

  boot: {
    phase: PHASE,
    progress: 'Start von ComfyUI',
    left: (span) => `noch etwa ${span}`,
    overdue: (span) => `länger als sonst (${span})`,
    firstTime: 'kein früherer Start zum Vergleich',
    elapsed: (span) => `bisher ${span}`,
  },

  controls: {
    more: 'Mehr',
    keepAwake: 'Wach halten',
    keepAwakeOn: (moment) => `Wach bis ${moment}`,
    forOneHour: 'Für 1 Stunde',
    untilMorning: (moment) => `Bis ${moment}`,
    letItSleep: 'Wieder schlafen lassen',
    stopWhenDone: 'Schlafen, wenn die Warteschlange fertig ist',
  },

  loseWork: {
    title: (action) =>
      action === 'sleep' ? 'Jetzt schlafen und diese Arbeit abbrechen?' : 'Neu starten und diese Arbeit abbrechen?',
    lost: 'Sie bleibt erhalten; was läuft, beginnt von vorn, wenn ComfyUI wieder läuft:',
    andMore: (count) => `und ${plural(count, 'weiterer Auftrag', 'weitere Aufträge')}`,
    keep: 'Weiterarbeiten',
    whenDone: 'Danach schlafen',
    lose: (action) => (action === 'sleep' ? 'Schlafen und abbrechen' : 'Neu starten und abbrechen'),
    runningNow: 'läuft',
    waiting: 'wartet',
  },

  gpu: {
    heading: (count) => (count > 1 ? 'Grafikkarten' : 'Grafikkarte'),
    part: VRAM,
    of: (total) => `von ${total}`,
    vram: 'VRAM',
    utilization: 'Auslastung',
    temperature: 'Temperatur',
    power: 'Leistung',
    none: 'Keine gefunden. ComfyUI arbeitet dann auf dem Prozessor.',
    vramUntold: 'Der Treiber sagt nicht, wie viel Speicher belegt ist.',
    barLabel: (name, parts) => `Speicher von ${name}: ${parts}`,
    unit: 'GB wie bei den Herstellern der Karten: 1 GB = 1024 MiB.',
  },

  history: {
    heading: 'Verlauf',
    range: { hour: 'Letzte Stunde', day: 'Letzter Tag' },
    chooseRange: 'Gezeigter Zeitraum',
    chooseCard: 'Gezeigte Karte',
    peak: (peak) => `Spitze ${peak}`,
    peakOf: (peak, total) => `Spitze ${peak} von ${total}`,
    mean: (mean) => `Mittel ${mean}`,
    at: (clock) => `um ${clock}`,
    gap: 'nicht gemessen',
    legendUsed: 'alle Programme',
    legendComfy: 'nur ComfyUI',
    empty: 'Noch nichts gemessen. Stoker misst, solange diese Seite offen ist oder ein Auftrag läuft.',
    failed: 'Der Verlauf konnte nicht gelesen werden.',
    summary: (what, range, low, high, mean, last) =>
      `${what}, ${range}: zwischen ${low} und ${high}, Mittel ${mean}, zuletzt ${last}.`,
    nothing: (what, range) => `${what}, ${range}: nicht gemessen.`,
  },

  queue: {
    heading: 'Warteschlange',
    counts: (running, pending) =>
      `${running} ${running === 1 ? 'läuft' : 'laufen'}, ${pending} ${pending === 1 ? 'wartet' : 'warten'}`,
    empty: 'Nichts in der Warteschlange.',
    emptyAsleep: 'Nichts in der Warteschlange. Ein neuer Auftrag weckt ComfyUI.',
    parked: (count) => `${plural(count, 'Auftrag wartet', 'Aufträge warten')}, bis die Karte zurück ist.`,
    stale: 'Zuletzt bekannt: ComfyUI antwortet gerade nicht.',
    untitled: 'Auftrag',
    nodes: (count) => plural(count, 'Node', 'Nodes'),
    nodesDone: (done, total) => `${done} von ${total} Nodes fertig`,
    step: (value, max) => `${value} von ${max}`,
    atNode: (type, step) => (step === null ? type : `${type}, Schritt ${step}`),
    progress: 'Fortschritt des laufenden Auftrags',
    more: (count) => `${plural(count, 'weiterer wartet', 'weitere warten')}`,
    whole: 'Alle Aufträge',
  },

  happenings: {
    heading: 'Zuletzt',
    empty: 'Noch ist nichts geschehen.',
    showAll: (count) => `Alle ${count} zeigen`,
    showFewer: 'Weniger zeigen',
    level: LEVEL,
    failed: 'Die Liste konnte nicht gelesen werden.',
  },

  facts: {
    heading: 'Einzelheiten',
    comfyui: (version) => (version === null ? 'ComfyUI' : `ComfyUI ${version}`),
    process: 'Prozess',
    privatePort: 'privater Port',
    up: 'Läuft seit',
    address: 'Adresse',
    tabs: (count) => plural(count, 'offener Tab', 'offene Tabs'),
    data: 'Datenordner',
    stoker: 'Stoker',
  },

  savings: {
    asleep: (time, energy) =>
      energy === null
        ? `ComfyUI hat bisher ${time} geschlafen.`
        : `ComfyUI hat bisher ${time} geschlafen und dabei etwa ${energy} gespart.`,
    remote: (today, month) => `Entfernte Aufträge: ${today} heute, ${month} in diesem Monat.`,
  },

  log: {
    heading: 'Protokoll',
    search: 'Protokoll durchsuchen',
    clear: 'Suche leeren',
    level: 'Gezeigte Zeilen',
    levels: { all: 'Alle', warning: 'Warnungen', error: 'Fehler' },
    levelName: LEVEL,
    follow: 'Folgen',
    newLines: (count) => plural(count, 'neue Zeile', 'neue Zeilen'),
    shown: (shown, all) =>
      shown === all
        ? plural(all, 'Zeile', 'Zeilen')
        : `${shown.toLocaleString('de')} von ${plural(all, 'Zeile', 'Zeilen')}`,
    lines: 'Ausgabe von ComfyUI',
    empty: 'ComfyUI hat noch nichts ausgegeben.',
    noMatch: 'Keine Zeile passt zu Suche und Auswahl.',
    file: 'Ganzes Protokoll',
    failed: 'Das Protokoll konnte nicht gelesen werden.',
  },

  doctor: {
    heading: 'Diagnose',
    intro: 'Prüft ComfyUI-Ordner, Python, PyTorch, Grafiktreiber, Ports, Speicherplatz und Custom Nodes.',
    run: 'Erneut prüfen',
    running: 'Wird geprüft…',
    copy: 'Als Text kopieren',
    outcome: OUTCOME,
    counts: (problems, warnings, fine) =>
      `${plural(problems, 'Problem', 'Probleme')}, ${plural(warnings, 'Warnung', 'Warnungen')}, ${fine} in Ordnung`,
    allFine: (count) => `Alle ${count} Prüfungen sind in Ordnung`,
    at: (moment) => `geprüft um ${moment}`,
    failed: 'Die Diagnose konnte nicht laufen.',
  },

  connection: {
    never: 'Stoker antwortet nicht.',
    neverHint: 'Läuft es? „stoker serve“ startet es; diese Seite verbindet sich von selbst.',
    lost: (moment) => `Die Verbindung zu Stoker ist abgerissen. Der Stand ist von ${moment}.`,
    silent: (moment) => `Stoker ist verstummt. Der Stand ist von ${moment}.`,
    broken: 'Unter dieser Adresse antwortet etwas anderes, oder diese Seite ist älter als Stoker.',
    retryIn: (countdown) => `Nächster Versuch in ${countdown}`,
    retrying: 'Neuer Versuch…',
    retryNow: 'Jetzt versuchen',
    reload: 'Seite neu laden',
    noAnswer: 'Keine Antwort',
  },

  locked: {
    title: 'Gesperrt',
    heading: 'Dieser Stoker verlangt sein Zugriffstoken',
    hint: 'Es steht als network.token in den Einstellungen des Computers, auf dem Stoker läuft.',
    label: 'Zugriffstoken',
    submit: 'Öffnen',
  },

  problem: {
    unreachable: 'Stoker hat nicht geantwortet.',
    unexpected: 'Stoker hat etwas geantwortet, das diese Seite nicht kennt. Bitte die Seite neu laden.',
    notStoker: (status) => `Geantwortet hat etwas, das nicht Stoker ist (HTTP ${status}).`,
    next: 'Nächster Schritt:',
  },

  setup: {
    heading: 'Wo liegt ComfyUI?',
    intro: 'Stoker startet es, wenn es gebraucht wird, und gibt die Karte frei, wenn nicht.',
    found: 'Auf diesem Computer gefunden',
    searching: 'Installationen werden gesucht…',
    noneFound: 'Auf diesem Computer wurde keine gefunden.',
    enter: 'Oder den Ordner angeben, in dem main.py liegt',
    folder: 'ComfyUI-Ordner',
    folderExample: '/home/name/ComfyUI',
    use: 'Dieses ComfyUI nehmen',
    saving: 'Wird gespeichert…',
    chooseOne: 'Eine Installation wählen oder einen Ordner angeben.',
    demoHint: 'Kein ComfyUI zur Hand? Dies zeigt alles mit einem eingebauten Simulator:',
    demoCommand: 'stoker serve --demo',
    moreSettings: 'Eigener Startbefehl oder anderes Python: Einstellungen',
    chooseTitle: 'Der Ordner, in dem main.py liegt',
    tryDemo: 'Demo ausprobieren',
    demoStarting: 'Die Demo startet…',
    kind: INSTALLATION_KIND,
    python: (path) => `Python: ${path}`,
    noPython: 'kein Python gefunden',
  },

  moment: {
    tomorrow: (clock) => `morgen ${clock}`,
    yesterday: (clock) => `gestern ${clock}`,
  },
  unit: { second: 's', minute: 'min', hour: 'h', day: 'T.' },

  settings: settingsPageWords,
  settingsFile: settingsFileWords,
  setting: settingWords,
  secret: secretWords,
  invalid: invalidWords,
  computer: computerWords,
  welcome: welcomeWords,
  engine: engineWords,
  jobs: jobWords,
  targets: targetsWords,
  tokens: tokensWords,
  endpoints: endpointsWords,
  gallery: galleryWords,
};
