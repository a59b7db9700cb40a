/** Every word of the dashboard in English; other parts of it lie beside this file. A translation is another file of the same shape. */
import type { DoctorCheck, Installation } from '../../contract/doctor.ts';
import type { LogLine } from '../../contract/events.ts';
import type { Blocker } from '../../contract/status.ts';
import type { BootPhase } from '../../contract/supervisor-state.ts';
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
  overview: 'Overview',
  queue: 'Queue',
  job: 'Job',
  gallery: 'Gallery',
  targets: 'Targets',
  logs: 'Log',
  settings: 'Settings',
  doctor: 'Doctor',
  welcome: 'Welcome',
};

const MOOD: Record<Mood, string> = {
  unconfigured: 'Welcome',
  asleep: 'Asleep',
  waking: 'Waking',
  ready: 'Ready',
  working: 'Working',
  stopping: 'Stopping',
  lent: 'Card lent',
  backingOff: 'Crashed',
  failed: 'Failed',
};

/** A failure that has a better word than "Failed". Codes of contract/errors.ts. */
const FAILED: Readonly<Record<string, string>> = {
  gave_up: 'Gave up',
  crashed: 'Crashed',
  hung: 'Hung',
  stop_failed: 'Does not stop',
  exited_early: 'Did not start',
  start_timeout: 'Did not start',
  command_not_found: 'Cannot start',
  folder_invalid: 'Cannot start',
  python_missing: 'Cannot start',
  private_port_taken: 'Cannot start',
  invalid_settings: 'Cannot start',
};

const ACTION: Record<ActionName, string> = {
  start: 'Wake ComfyUI',
  tryAgain: 'Try again',
  tryNow: 'Try now',
  startWithoutCustomNodes: 'Start without custom nodes',
  cancelStart: 'Cancel the start',
  sleep: 'Sleep now',
  stopTrying: 'Stop trying',
  restart: 'Restart',
  restartWithoutCustomNodes: 'Restart without custom nodes',
  free: 'Free VRAM',
  pause: 'Pause and free the card',
  resume: 'Resume',
};

const PHASE: Record<BootPhase, string> = {
  launching: 'Launching',
  python: 'Python',
  torch: 'PyTorch',
  customNodes: 'Custom nodes',
  server: 'Server',
};

const BLOCKER: Record<Blocker, string> = {
  running: 'a prompt is running',
  pending: 'prompts are waiting',
  held: 'requests are waiting for ComfyUI',
  upload: 'an upload is in flight',
  download: 'a download is in flight',
  request: 'a request is being answered',
  keepAwake: 'you asked to keep it awake',
  queueUnknown: 'ComfyUI does not say whether it has work',
};

const VRAM: Record<VramPart, string> = { comfy: 'ComfyUI', others: 'Other programs', used: 'In use', free: 'Free' };

const LEVEL: Record<LogLine['level'], string> = { info: 'Info', warning: 'Warning', error: 'Error' };

const OUTCOME: Record<DoctorCheck['outcome'], string> = {
  ok: 'Fine',
  warning: 'Warning',
  problem: 'Problem',
  skipped: 'Skipped',
};

const INSTALLATION_KIND: Record<Installation['kind'], string> = {
  git: 'Git clone',
  portable: 'Portable build',
  desktop: 'Comfy Desktop',
  stabilityMatrix: 'Stability Matrix',
  pinokio: 'Pinokio',
  configured: 'In use',
  running: 'Running now',
};

export const words = {
  product: 'Stoker',
  page: PAGE,
  pages: 'Pages',
  morePages: 'More pages',
  skipToContent: 'Skip to content',
  demo: 'Demo',
  demoHint: 'The built-in simulator stands in for ComfyUI.',
  openComfyUI: 'Open ComfyUI',
  opensNewTab: '(opens in a new tab)',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'The browser refused to copy',
  dismiss: 'Dismiss',
  loading: 'Loading…',
  noSuchPage: (path: string) => `There is no page at ${path}.`,
  toOverview: 'Go to the overview',

  mood: MOOD,
  failed: FAILED,
  action: ACTION,
  titleWith: (state: string) => `${state} · Stoker`,
  titleOfPage: (page: Page, state: string) => (page === 'overview' ? state : `${PAGE[page]} · ${state}`),
  workingTitle: (percent: string) => `Working ${percent}`,
  headerState: (state: string) => `ComfyUI: ${state.toLowerCase()}`,
  stateAnnouncement: (state: string, reason: string) => `ComfyUI: ${state}. ${reason}`,

  state: {
    sleepsIn: 'Sleeps in',
    neverSleeps: 'Does not sleep by itself',
    neverSleepsHint: 'The idle time is off in Settings.',
    staysAwake: 'Stays awake',
    becauseOf: (blockers: readonly Blocker[]) => `because ${list(blockers.map((blocker) => BLOCKER[blocker]))}`,
    workingOn: (prompt: string) => `Prompt ${prompt}`,
    awakeForWork: (running: number, pending: number) => `Stays awake: ${running} running, ${pending} waiting`,
    thenSleeps: 'Sleeps when the queue is done',
    asleepFor: 'Asleep for',
    stoppingFor: 'Stopping for',
    keptAwakeUntil: 'Kept awake until',
    freesIn: (countdown: string) => `Frees VRAM in ${countdown}`,
    freed: 'VRAM is freed already',
    wakesBy: 'ComfyUI wakes when you open it or queue a prompt.',
    held: (count: number) => `${plural(count, 'request waits', 'requests wait')} for it.`,
    retryIn: 'Starts again in',
    retrying: 'Starts again now',
    attempt: (attempt: number) => `try ${attempt}`,
    suspect: 'Suspect',
    whatToDo: 'What to do',
    lastLines: 'Last lines it printed',
    noLines: 'It printed nothing.',
    detail: 'Stoker’s report',
    exit: (code: number | null, signal: string | null): string | null =>
      signal !== null ? `ended by ${signal}` : code !== null ? `exit code ${code}` : null,
    openLog: 'Open the log',
    runDoctor: 'Run the doctor',
  },

  card: {
    free: (cards: number, free: string, total: string) =>
      cards === 1 ? `Your card is free: ${free} of ${total}.` : `Your ${cards} cards are free: ${free} of ${total}.`,
    othersHold: (others: string, free: string, total: string) =>
      `Other programs hold ${others}; ${free} of ${total} are free.`,
    comfyHolds: (comfy: string, free: string, total: string) => `ComfyUI holds ${comfy}; ${free} of ${total} are free.`,
    inUse: (used: string, total: string) => `${used} of ${total} are in use.`,
  },

  courtesy: {
    paused: 'Paused',
    draining: 'The card is given away as soon as the running prompt is done.',
    since: 'Lent for',
    pausedFor: 'Paused for',
    until: 'Back in',
    kept: (count: number) => `${plural(count, 'prompt is', 'prompts are')} kept and will go on when the card is back.`,
    leases: 'Who asked for the card',
    lease: (owner: string, reason: string) => (reason === '' ? owner : `${owner}: ${reason}`),
    leaseUntil: (moment: string) => `until ${moment}`,
    waits: 'waits for the running prompt',
    resumeHint: 'Resume takes the card back at once.',
  },

  boot: {
    phase: PHASE,
    progress: 'Start of ComfyUI',
    left: (span: string) => `about ${span} left`,
    overdue: (span: string) => `longer than usual (${span})`,
    firstTime: 'no earlier start to compare with',
    elapsed: (span: string) => `${span} so far`,
  },

  controls: {
    more: 'More',
    keepAwake: 'Keep awake',
    keepAwakeOn: (moment: string) => `Awake until ${moment}`,
    forOneHour: 'For 1 hour',
    untilMorning: (moment: string) => `Until ${moment}`,
    letItSleep: 'Let it sleep again',
    stopWhenDone: 'Sleep when the queue is done',
  },

  loseWork: {
    title: (action: ActionName): string =>
      action === 'sleep' ? 'Sleep now and break off this work?' : 'Restart and break off this work?',
    lost: 'It is kept, and what runs begins anew when ComfyUI runs again:',
    andMore: (count: number) => `and ${plural(count, 'more prompt', 'more prompts')}`,
    keep: 'Keep working',
    whenDone: 'Sleep when done',
    lose: (action: ActionName): string => (action === 'sleep' ? 'Sleep now, break it off' : 'Restart, break it off'),
    runningNow: 'running',
    waiting: 'waiting',
  },

  gpu: {
    heading: (count: number): string => (count > 1 ? 'Graphics cards' : 'Graphics card'),
    part: VRAM,
    of: (total: string) => `of ${total}`,
    vram: 'VRAM',
    utilization: 'Utilisation',
    temperature: 'Temperature',
    power: 'Power',
    none: 'None was found. ComfyUI works without one, on the processor.',
    vramUntold: 'The driver does not tell how much memory is in use.',
    barLabel: (name: string, parts: string) => `Memory of ${name}: ${parts}`,
    unit: 'GB are counted as card makers do: 1 GB = 1024 MiB.',
  },

  history: {
    heading: 'History',
    range: { hour: 'Last hour', day: 'Last day' },
    chooseRange: 'Time shown',
    chooseCard: 'Card shown',
    peak: (peak: string) => `peak ${peak}`,
    peakOf: (peak: string, total: string) => `peak ${peak} of ${total}`,
    mean: (mean: string) => `mean ${mean}`,
    at: (clock: string) => `at ${clock}`,
    gap: 'not measured',
    legendUsed: 'all programs',
    legendComfy: 'ComfyUI',
    empty: 'Nothing measured yet. Stoker measures while this page is open or a prompt runs.',
    failed: 'The history could not be read.',
    summary: (what: string, range: string, low: string, high: string, mean: string, last: string) =>
      `${what}, ${range.toLowerCase()}: between ${low} and ${high}, mean ${mean}, last ${last}.`,
    nothing: (what: string, range: string) => `${what}, ${range.toLowerCase()}: not measured.`,
  },

  queue: {
    heading: 'Queue',
    counts: (running: number, pending: number) => `${running} running, ${pending} waiting`,
    empty: 'Nothing queued.',
    emptyAsleep: 'Nothing queued. A prompt you queue wakes ComfyUI.',
    parked: (count: number) => `${plural(count, 'prompt waits', 'prompts wait')} until the card is back.`,
    stale: 'Last known: ComfyUI does not answer right now.',
    untitled: 'Prompt',
    nodes: (count: number) => plural(count, 'node', 'nodes'),
    nodesDone: (done: number, total: number) => `${done} of ${total} nodes done`,
    step: (value: string, max: string) => `${value} of ${max}`,
    atNode: (type: string, step: string | null) => (step === null ? type : `${type}, step ${step}`),
    progress: 'Progress of the running prompt',
    more: (count: number) => `${plural(count, 'more', 'more')} waiting`,
    whole: 'All jobs',
  },

  happenings: {
    heading: 'Recent',
    empty: 'Nothing has happened yet.',
    showAll: (count: number) => `Show all ${count}`,
    showFewer: 'Show fewer',
    level: LEVEL,
    failed: 'The list could not be read.',
  },

  facts: {
    heading: 'Details',
    comfyui: (version: string | null) => (version === null ? 'ComfyUI' : `ComfyUI ${version}`),
    process: 'Process',
    privatePort: 'private port',
    up: 'Up',
    address: 'Address',
    tabs: (count: number) => plural(count, 'open tab', 'open tabs'),
    data: 'Data folder',
    stoker: 'Stoker',
  },

  savings: {
    asleep: (time: string, energy: string | null) =>
      energy === null
        ? `ComfyUI has slept ${time} so far.`
        : `ComfyUI has slept ${time} so far, which saved about ${energy}.`,
    remote: (today: string, month: string) => `Remote work: ${today} today, ${month} this month.`,
  },

  log: {
    heading: 'Log',
    search: 'Search the log',
    clear: 'Clear the search',
    level: 'Lines shown',
    levels: { all: 'All', warning: 'Warnings', error: 'Errors' },
    levelName: LEVEL,
    follow: 'Follow',
    newLines: (count: number) => plural(count, 'new line', 'new lines'),
    shown: (shown: number, all: number) =>
      shown === all ? plural(all, 'line', 'lines') : `${shown.toLocaleString('en')} of ${plural(all, 'line', 'lines')}`,
    lines: 'Lines ComfyUI printed',
    empty: 'ComfyUI has printed nothing yet.',
    noMatch: 'No line fits the search and the filter.',
    file: 'Whole log',
    failed: 'The log could not be read.',
  },

  doctor: {
    heading: 'Doctor',
    intro: 'Checks the ComfyUI folder, Python, PyTorch, the GPU driver, ports, disk space and custom nodes.',
    run: 'Run again',
    running: 'Checking…',
    copy: 'Copy as text',
    outcome: OUTCOME,
    counts: (problems: number, warnings: number, fine: number) =>
      `${plural(problems, 'problem', 'problems')}, ${plural(warnings, 'warning', 'warnings')}, ${fine} fine`,
    allFine: (count: number) => `All ${count} checks are fine`,
    at: (moment: string) => `checked ${moment}`,
    failed: 'The doctor could not run.',
  },

  connection: {
    never: 'Stoker does not answer.',
    neverHint: 'Is it running? Start it with “stoker serve”; this page connects by itself.',
    lost: (moment: string) => `Lost contact with Stoker. What you see is from ${moment}.`,
    silent: (moment: string) => `Stoker went silent. What you see is from ${moment}.`,
    broken: 'Something else answers at this address, or this page is older than Stoker.',
    retryIn: (countdown: string) => `Trying again in ${countdown}`,
    retrying: 'Trying again…',
    retryNow: 'Try now',
    reload: 'Reload the page',
    noAnswer: 'No answer',
  },

  locked: {
    title: 'Locked',
    heading: 'This Stoker asks for its access token',
    hint: 'It is the value of network.token in the settings of the computer that Stoker runs on.',
    label: 'Access token',
    submit: 'Open',
  },

  problem: {
    unreachable: 'Stoker did not answer.',
    unexpected: 'Stoker answered something this page does not know. Reload the page.',
    notStoker: (status: number) => `Something that is not Stoker answered (HTTP ${status}).`,
    next: 'Next:',
  },

  setup: {
    heading: 'Where is your ComfyUI?',
    intro: 'Stoker starts it when you need it and frees the card when you do not.',
    found: 'Found on this computer',
    searching: 'Looking for installations…',
    noneFound: 'None was found on this computer.',
    enter: 'Or enter the folder that holds main.py',
    folder: 'ComfyUI folder',
    folderExample: '/home/you/ComfyUI',
    use: 'Use this ComfyUI',
    saving: 'Saving…',
    chooseOne: 'Choose an installation or enter a folder.',
    demoHint: 'No ComfyUI at hand? This shows everything with a built-in simulator:',
    demoCommand: 'stoker serve --demo',
    moreSettings: 'A start command of your own, or another Python: Settings',
    chooseTitle: 'The folder that holds main.py',
    tryDemo: 'Try the demo',
    demoStarting: 'The demo starts…',
    kind: INSTALLATION_KIND,
    python: (path: string) => `Python: ${path}`,
    noPython: 'no Python found',
  },

  moment: {
    tomorrow: (clock: string) => `tomorrow ${clock}`,
    yesterday: (clock: string) => `yesterday ${clock}`,
  },
  unit: { second: 's', minute: 'min', hour: 'h', day: 'd' },

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

export type DashboardWords = typeof words;
