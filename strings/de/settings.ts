/** The part of the German catalogue about settings: titles, explanations, what can be wrong with a value, and the page around them. */
import type * as english from '../en/settings.ts';
import type { SettingKey, SettingWords } from '../vocabulary.ts';
import { plural } from './grammar.ts';

/** The contract's titles are English: here each setting has one of its own. */
type TitledSettingWords = SettingWords & { readonly title: string };

export const settingWords: Readonly<Record<SettingKey, TitledSettingWords>> = {
  'installation.folder': {
    title: 'ComfyUI-Ordner',
    hint: 'Der Ordner, in dem main.py liegt.',
    example: '/home/name/ComfyUI',
    whenEmpty: 'nicht gewählt',
  },
  'installation.python': {
    title: 'Python',
    hint: 'Das Python der ComfyUI-Umgebung.',
    example: '/home/name/ComfyUI/venv/bin/python',
    whenEmpty: 'neben dem Ordner gesucht',
  },
  'installation.commandLine': {
    title: 'Startbefehl',
    hint: 'Ein eigener Befehl statt Ordner und Python. Stoker hängt --port an, wenn der Befehl es nicht nennt und nicht {port} enthält.',
    example: 'docker compose up comfyui',
    whenEmpty: 'aus dem Ordner gebildet',
  },
  'installation.workingFolder': {
    title: 'Arbeitsordner',
    hint: 'Wo der Startbefehl läuft.',
    whenEmpty: 'der ComfyUI-Ordner',
  },
  'installation.arguments': {
    title: 'Weitere Argumente',
    hint: 'Werden ComfyUI übergeben, eines je Zeile.',
    example: '--lowvram',
    whenEmpty: 'keine',
  },
  'installation.environment': {
    title: 'Umgebung',
    hint: 'Kommt zur Umgebung von ComfyUI hinzu: NAME=Wert, je Zeile eines.',
    example: 'CUDA_VISIBLE_DEVICES=0',
    whenEmpty: 'nichts',
  },
  'installation.inputDirectory': {
    title: 'Eingabeordner',
    hint: 'Woher ComfyUI Bilder liest.',
    whenEmpty: 'der von ComfyUI',
  },
  'installation.outputDirectory': {
    title: 'Ausgabeordner',
    hint: 'Wohin ComfyUI Bilder speichert.',
    whenEmpty: 'der von ComfyUI',
  },
  'installation.userDirectory': {
    title: 'Benutzerordner',
    hint: 'Wo ComfyUI Einstellungen und Workflows aufhebt.',
    whenEmpty: 'der von ComfyUI',
  },
  'installation.extraModelPathsConfig': {
    title: 'Datei weiterer Modellordner',
    hint: 'Eine YAML-Datei, die weitere Modellordner nennt.',
    whenEmpty: 'keine',
  },
  'installation.workflowsFolder': {
    title: 'Workflow-Ordner',
    hint: 'Workflows anderswo aufheben, zum Beispiel in einem versionierten Projekt.',
    whenEmpty: 'der von ComfyUI',
  },
  'installation.host': { title: 'Private Adresse', hint: 'Wo ComfyUI selbst lauscht. Nur Stoker spricht damit.' },
  'installation.port': {
    title: 'Privater Port',
    hint: 'Der Port von ComfyUI selbst.',
    whenEmpty: 'ein freier, bei jedem Start gewählt',
  },

  'idle.stopAfterSeconds': {
    title: 'Schlafen nach',
    hint: 'Nach so langer Zeit ohne Arbeit wird ComfyUI beendet und die Karte ist frei. 0 lässt es laufen.',
    unit: 'Sekunden',
  },
  'idle.freeAfterSeconds': {
    title: 'VRAM freigeben nach',
    hint: 'Die Modelle verlassen den Speicher der Karte schon früher; ComfyUI läuft weiter. 0 lässt das aus.',
    unit: 'Sekunden',
  },
  'idle.everyRequestCounts': {
    title: 'Jede Anfrage weckt und zählt',
    hint: 'Auch was ein offener Tab im Hintergrund fragt, weckt ComfyUI und hält es wach. Mit einem offenen Tab schläft es dann nie.',
  },

  'courtesy.programs': {
    title: 'Die Karte diesen Programmen geben',
    hint: 'Läuft eines davon, macht ComfyUI nach dem laufenden Auftrag Platz. Namen der Programme, einer je Zeile.',
    example: 'blender',
    whenEmpty: 'keinem',
  },
  'courtesy.foreignVramGigabytes': {
    title: 'Platz machen, wenn andere belegen',
    hint: 'Belegen andere Programme so viel der Karte, macht ComfyUI Platz. 0 lässt das aus.',
    unit: 'GB',
  },
  'courtesy.comeBackAfterSeconds': {
    title: 'Zurückkommen nach',
    hint: 'So lange müssen die anderen fort sein, bevor zurückgestellte Aufträge weiterlaufen.',
    unit: 'Sekunden',
  },

  'supervision.startWithEngine': {
    title: 'ComfyUI mit Stoker starten',
    hint: 'Nicht auf die erste Anfrage warten.',
  },
  'supervision.startTimeoutSeconds': {
    title: 'Startfrist',
    hint: 'Ein Start, der länger dauert, gilt als fehlgeschlagen.',
    unit: 'Sekunden',
  },
  'supervision.stopGraceSeconds': {
    title: 'Beendefrist',
    hint: 'Zeit, sich selbst zu beenden, bevor es erzwungen wird.',
    unit: 'Sekunden',
  },
  'supervision.restartAfterCrash': {
    title: 'Nach einem Absturz neu starten',
    hint: 'Von selbst, nach jedem Absturz mit längerer Pause.',
  },
  'supervision.maxCrashes': {
    title: 'Aufgeben nach',
    hint: 'Nach so vielen Abstürzen versucht Stoker es nicht mehr.',
    unit: 'Abstürzen',
  },
  'supervision.crashWindowMinutes': {
    title: 'Abstürze gezählt über',
    hint: 'Ältere Abstürze sind vergessen.',
    unit: 'Minuten',
  },

  'network.host': {
    title: 'Adresse',
    hint: 'Wo Stoker lauscht. Alles außer diesem Computer (127.0.0.1) braucht ein Zugriffstoken.',
    example: '127.0.0.1',
  },
  'network.port': { title: 'Port', hint: 'Wo Stoker für ComfyUI antwortet. 0 nimmt irgendeinen freien.' },
  'network.token': {
    title: 'Zugriffstoken',
    hint: 'Wird von allen verlangt, auch auf diesem Computer: Ein Browser fragt einmal danach. Mindestens 16 Zeichen.',
    whenEmpty: 'keines',
  },
  'network.allowedHosts': {
    title: 'Erlaubte Rechnernamen',
    hint: 'Andere Namen, unter denen dieser Computer geöffnet wird, einer je Zeile.',
    example: 'studio.local',
    whenEmpty: 'keine',
  },
  'network.whenAsleepShow': {
    title: 'Aufruf von / im Schlaf',
    hint: 'Was ein Browser unter der Adresse von ComfyUI sieht, während es schläft.',
    choices: { wake: 'ComfyUI wecken', dashboard: 'Diese Übersicht zeigen' },
  },
  'network.silenceTimeoutSeconds': {
    title: 'Stillefrist',
    hint: 'Eine Anfrage, auf die ComfyUI so lange nichts sagt, schlägt fehl.',
    unit: 'Sekunden',
  },
  'network.maxSockets': {
    title: 'Höchstzahl der WebSockets',
    hint: 'Weitere werden abgelehnt.',
    unit: 'WebSockets',
  },

  'page.openingWakes': {
    title: 'Öffnen der Seite weckt ComfyUI',
    hint: 'Wer die Seite von ComfyUI öffnet, während es schläft, startet es damit im Hintergrund. Aus: Es schläft weiter, bis etwas ausgeführt wird, und Workflows können so lange anderswo eingereiht werden.',
  },
  'page.writesWhileAsleep': {
    title: 'Speichern im Schlaf',
    hint: 'Was die Seite von ComfyUI speichert, während es schläft: Einstellungen und Workflows.',
    choices: { wake: 'ComfyUI wecken und dort speichern', keep: 'Aufschreiben und beim Wecken dort speichern' },
  },

  'jobs.keepDays': {
    title: 'Beendete Aufträge aufheben',
    hint: 'Aufträge, deren Ende länger her ist, werden mit ihren Ergebnissen vergessen. 0 behält alles.',
    unit: 'Tage',
  },
  'jobs.offload': {
    title: 'Wartende Aufträge auslagern',
    hint: 'Aufträge, die auf diesen Rechner warten und nicht begonnen haben. Was Geld kostet, überschreitet nie die Grenzen seines Endpunkts.',
    choices: {
      never: 'Nie',
      ask: 'Fragen, wenn zu viele warten',
      queueLonger: 'Was zu weit hinten wartet',
      vramTooSmall: 'Wofür hier der Speicher nicht reichte',
      always: 'Immer',
    },
  },
  'jobs.offloadTarget': {
    title: 'Auslagern nach',
    hint: 'Name eines Endpunkts oder Servers.',
    example: 'mein-endpunkt',
    whenEmpty: 'der einzige, den es gibt',
  },
  'jobs.offloadLongerThan': {
    title: 'Wenn mehr warten als',
    hint: 'So viele wartende Aufträge bleiben auf diesem Rechner; gilt für das Fragen und für das, was zu weit hinten wartet.',
    unit: 'Aufträge',
  },

  'jobs.mostAtOnce': {
    title: 'Höchstens gleichzeitig',
    hint: 'Auf diesem Computer, anderen Servern und Endpunkten zusammen; jeder hat außerdem seine eigene Grenze.',
    unit: 'Aufträge',
  },

  'api.host': {
    title: 'API-Adresse',
    hint: 'Wo der API-Port lauscht. Er verlangt immer ein Token, auch auf diesem Computer.',
    example: '127.0.0.1',
  },
  'api.port': {
    title: 'API-Port',
    hint: 'Offen, solange es ein Token gibt. 0 nimmt irgendeinen freien.',
  },

  'gpu.monitor': {
    title: 'Messung der Karte',
    hint: 'Misst nur, solange jemand hinsieht oder ComfyUI wach ist.',
    choices: { auto: 'Automatisch', off: 'Aus' },
  },
  'gpu.sampleSeconds': { title: 'Messen alle', hint: 'Sekunden zwischen zwei Messungen.', unit: 'Sekunden' },
};

export const settingsPageWords: typeof english.settingsPageWords = {
  heading: 'Einstellungen',
  groups: 'Gruppen der Einstellungen',
  intro: (file) => `Gespeichert in ${file}`,
  group: {
    installation: 'ComfyUI',
    idle: 'Schlaf',
    page: 'Seite von ComfyUI',
    courtesy: 'Karte teilen',
    supervision: 'Start, Ende, Abstürze',
    network: 'Netzwerk',
    gpu: 'Grafikkarte',
    jobs: 'Aufträge',
    api: 'API für Programme',
  },
  advancedOf: { installation: 'Weitere Ordner, private Adresse', network: 'Grenzen' },
  save: 'Speichern',
  saving: 'Wird gespeichert…',
  discard: 'Verwerfen',
  saved: 'Gespeichert.',
  changes: (count) => plural(count, 'Änderung', 'Änderungen'),
  problems: (count) => `${plural(count, 'Feld muss', 'Felder müssen')} berichtigt werden`,
  failed: 'Die Einstellungen konnten nicht gelesen werden.',
  locked: (origin, variable) =>
    origin === 'environment'
      ? `Durch ${variable ?? 'die Umgebung'} festgelegt; dort ändern.`
      : origin === 'commandLine'
        ? 'Auf der Befehlszeile festgelegt; dort ändern.'
        : 'Durch --demo festgelegt.',
  restoreDefault: (title) => `Vorgabe von ${title} wiederherstellen`,
  restore: 'Vorgabe wiederherstellen',
  off: 'aus',
  empty: 'leer',
  on: 'an',
  equals: (span) => `= ${span}`,
  offAtZero: 'aus',
  restartComfyUI: 'Damit die Änderungen gelten, muss ComfyUI neu starten.',
  restartComfyUIButton: 'ComfyUI neu starten',
  restartEngine: 'Damit die Änderungen gelten, muss Stoker selbst neu starten.',
  restartEngineByHand: 'Dort beenden und neu starten, wo es läuft.',
  restartEngineButton: 'Stoker jetzt neu starten',
  problemsHeading: 'Einige gespeicherte Einstellungen waren nicht brauchbar:',
  takesEffect: {
    now: null,
    comfyui: 'Gilt ab dem nächsten Start von ComfyUI.',
    engine: 'Gilt ab dem nächsten Start von Stoker.',
  },
  groupTakesEffect: {
    now: null,
    comfyui: 'Änderungen hier gelten ab dem nächsten Start von ComfyUI.',
    engine: 'Änderungen hier gelten ab dem nächsten Start von Stoker.',
  },
  found: (count) => `${plural(count, 'weitere Installation', 'weitere Installationen')} auf diesem Computer gefunden`,
  useThis: 'Diese nehmen',
  chooseFolder: (folder) => `Diese nehmen: ${folder}`,
  browse: 'Wählen…',
  browseFor: (title) => `Wählen: ${title}`,
};

export const secretWords: typeof english.secretWords = {
  of: {
    token: {
      isSet: 'Ein Token ist gesetzt',
      isUnset: 'Kein Token ist gesetzt.',
      set: 'Token setzen',
      save: 'Token speichern',
      saved: 'Das Token ist gespeichert.',
      removed: 'Das Token ist entfernt.',
    },
    key: {
      isSet: 'Ein Schlüssel ist gesetzt',
      isUnset: 'Kein Schlüssel ist gesetzt.',
      set: 'Schlüssel setzen',
      save: 'Schlüssel speichern',
      saved: 'Der Schlüssel ist gespeichert.',
      removed: 'Der Schlüssel ist entfernt.',
    },
  },
  place: {
    file: 'aufgehoben in einer Datei, die nur dieses Benutzerkonto lesen kann.',
    memory: 'aufgehoben im Arbeitsspeicher, bis Stoker endet.',
    environment: 'vorgegeben durch die Umgebung.',
  },
  inKeyStore: (name) => `aufgehoben in: ${name}.`,
  keyStore: 'Schlüsselspeicher dieses Computers',
  replace: 'Ersetzen',
  remove: 'Entfernen',
  removeQuestion: 'Wirklich entfernen? Danach lässt sich nichts mehr anzeigen.',
  keep: 'Behalten',
  saving: 'Wird gespeichert…',
  cancel: 'Abbrechen',
  noKeyStore: {
    title: 'Dieser Computer hat keinen Schlüsselspeicher',
    explanation:
      'Stoker hebt Geheimnisse im Schlüsselspeicher des Systems auf (GNOME Keyring, KWallet, Schlüsselbund, Windows). Hier antwortet keiner. Wo soll es aufgehoben werden?',
    memory: 'Nur im Arbeitsspeicher',
    memoryHint: 'Weg, sobald Stoker endet; dann ist es neu einzugeben.',
    file: 'In einer geschützten Datei',
    fileHint: 'Nicht verschlüsselt: Wer die Dateien dieses Kontos lesen kann, kann es lesen.',
    cancel: 'Nicht speichern',
  },
};

export const settingsFileWords: typeof english.settingsFileWords = {
  heading: 'Export und Import',
  exportTitle: 'Exportieren',
  exportHint: 'Was von den Vorgaben abweicht, als Datei. Geheimnisse bleiben draußen.',
  exportButton: 'Einstellungen exportieren',
  importTitle: 'Importieren',
  importHint: 'Erst wird gezeigt, was sich ändern würde.',
  importButton: 'Einstellungen importieren…',
  notSettings: 'Diese Datei enthält keine Einstellungen von Stoker.',
  preview: 'Diese Einstellungen importieren?',
  from: (file) => `Aus ${file}`,
  nothing: 'Nichts würde sich ändern: Diese Einstellungen gelten schon.',
  problems: 'Diese Werte sind nicht brauchbar:',
  problemsStop: 'Die Datei berichtigen und erneut importieren.',
  change: (title, from, to) => `${title}: von ${from} zu ${to}`,
  apply: (count) => `${plural(count, 'Einstellung', 'Einstellungen')} ändern`,
  applying: 'Wird importiert…',
  cancel: 'Abbrechen',
  close: 'Schließen',
  done: 'Die Einstellungen sind importiert.',
};

export const invalidWords: typeof english.invalidWords = {
  required: 'Darf nicht leer sein.',
  wholeNumber: 'Eine ganze Zahl.',
  aNumber: 'Eine Zahl.',
  atLeast: (least) => `Mindestens ${least.toLocaleString('de')}.`,
  atMost: (most) => `Höchstens ${most.toLocaleString('de')}.`,
  minCharacters: (least) => `Mindestens ${least} Zeichen.`,
  maxCharacters: (most) => `Höchstens ${most} Zeichen.`,
  maxLines: (most) => `Höchstens ${most} Zeilen.`,
  notAPair: (line) => `Zeile ${line} ist nicht NAME=Wert.`,
  twice: (name) => `${name} steht zweimal da.`,
  other: 'Dieser Wert ist nicht möglich.',
  byEngine: (finding) => `Stoker sagt: ${finding.replace(/\.$/, '')}.`,
};
