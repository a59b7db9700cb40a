/**
 * The part of the catalogue about settings: the page, what can be wrong with a value, and each setting explained (what it does in a sentence,
 * its unit, the words of its choices). English titles of settings are in contract/settings.ts.
 */
import type { SettingOrigin } from '../../contract/manager-api.ts';
import type { SecretPlace } from '../../contract/secrets.ts';
import type { SettingKey, SettingWords } from '../vocabulary.ts';
import { plural } from './grammar.ts';

export const settingWords: Readonly<Record<SettingKey, SettingWords>> = {
  'installation.folder': {
    hint: 'The folder that holds main.py.',
    example: '/home/you/ComfyUI',
    whenEmpty: 'not chosen',
  },
  'installation.python': {
    hint: 'The Python of the ComfyUI environment.',
    example: '/home/you/ComfyUI/venv/bin/python',
    whenEmpty: 'found beside the folder',
  },
  'installation.commandLine': {
    hint: 'Your own command instead of folder and Python. Stoker adds --port unless the command names one or says {port}.',
    example: 'docker compose up comfyui',
    whenEmpty: 'made from the folder',
  },
  'installation.workingFolder': { hint: 'Where the start command runs.', whenEmpty: 'the ComfyUI folder' },
  'installation.arguments': { hint: 'Passed to ComfyUI, one a line.', example: '--lowvram', whenEmpty: 'none' },
  'installation.environment': {
    hint: 'Added to the environment of ComfyUI, NAME=value, one a line.',
    example: 'CUDA_VISIBLE_DEVICES=0',
    whenEmpty: 'none',
  },
  'installation.inputDirectory': { hint: 'Where ComfyUI reads images.', whenEmpty: 'ComfyUI’s own' },
  'installation.outputDirectory': { hint: 'Where ComfyUI saves images.', whenEmpty: 'ComfyUI’s own' },
  'installation.userDirectory': { hint: 'Where ComfyUI keeps settings and workflows.', whenEmpty: 'ComfyUI’s own' },
  'installation.extraModelPathsConfig': { hint: 'A YAML file that names more model folders.', whenEmpty: 'none' },
  'installation.workflowsFolder': {
    hint: 'Keep workflows somewhere else, for example in a project under version control.',
    whenEmpty: 'ComfyUI’s own',
  },
  'installation.host': { hint: 'Where ComfyUI itself listens. Only Stoker talks to it.' },
  'installation.port': { hint: 'The port of ComfyUI itself.', whenEmpty: 'a free one, chosen at each start' },

  'idle.stopAfterSeconds': {
    hint: 'ComfyUI ends after this long without work and the card is free. 0 keeps it running.',
    unit: 'seconds',
  },
  'idle.freeAfterSeconds': {
    hint: 'Models leave the memory of the card earlier than that; ComfyUI keeps running. 0 leaves it out.',
    unit: 'seconds',
  },
  'idle.everyRequestCounts': {
    hint: 'Also what an open tab asks in the background wakes ComfyUI and keeps it awake. An open tab then never lets it sleep.',
  },

  'supervision.startWithEngine': { hint: 'Do not wait for the first request.' },
  'supervision.startTimeoutSeconds': { hint: 'A start that takes longer is a failure.', unit: 'seconds' },
  'supervision.stopGraceSeconds': { hint: 'Time to end by itself before it is ended by force.', unit: 'seconds' },
  'supervision.restartAfterCrash': { hint: 'Start again by itself, waiting longer after each crash.' },
  'supervision.maxCrashes': { hint: 'After this many crashes Stoker stops trying.', unit: 'crashes' },
  'supervision.crashWindowMinutes': { hint: 'Older crashes are forgotten.', unit: 'minutes' },

  'network.host': {
    hint: 'Where Stoker listens. Anything but this computer (127.0.0.1) needs an access token.',
    example: '127.0.0.1',
  },
  'network.port': { hint: 'Where Stoker answers for ComfyUI. 0 takes any free one.' },
  'network.token': {
    hint: 'Asked of everyone, on this computer too: a browser asks for it once. At least 16 characters.',
    whenEmpty: 'none',
  },
  'network.allowedHosts': {
    hint: 'Other names by which this computer is opened, one a line.',
    example: 'studio.local',
    whenEmpty: 'none',
  },
  'network.whenAsleepShow': {
    hint: 'What a browser sees at the address of ComfyUI while it sleeps.',
    choices: { wake: 'Wake ComfyUI', dashboard: 'Show this dashboard' },
  },
  'network.silenceTimeoutSeconds': {
    hint: 'A request to which ComfyUI says nothing for this long fails.',
    unit: 'seconds',
  },
  'network.maxSockets': { hint: 'More than this are refused.', unit: 'sockets' },

  'courtesy.programs': {
    hint: 'While one of these runs, ComfyUI gives way after the prompt it works on. Names of programs, one a line.',
    example: 'blender',
    whenEmpty: 'none',
  },
  'courtesy.foreignVramGigabytes': {
    hint: 'When other programs hold this much of the card, ComfyUI gives way. 0 leaves it out.',
    unit: 'GB',
  },
  'courtesy.comeBackAfterSeconds': {
    hint: 'The others must have been gone for this long before prompts that were set aside go on.',
    unit: 'seconds',
  },

  'gpu.monitor': {
    hint: 'Measures only while somebody looks or ComfyUI is awake.',
    choices: { auto: 'Automatic', off: 'Off' },
  },
  'gpu.sampleSeconds': { hint: 'Seconds between two readings.', unit: 'seconds' },

  'page.openingWakes': {
    hint: "Opening ComfyUI's page while it sleeps also starts it in the background. Off: it sleeps on until something is run, and workflows can be queued elsewhere meanwhile.",
  },
  'page.writesWhileAsleep': {
    hint: "What ComfyUI's page saves while ComfyUI sleeps: settings and workflows.",
    choices: { wake: 'Wake ComfyUI and save there', keep: 'Write down, save there when it wakes' },
  },

  'jobs.keepDays': {
    hint: 'Jobs that ended longer ago are forgotten with their results. 0 keeps everything.',
    unit: 'days',
  },
  'jobs.mostAtOnce': {
    hint: 'Over this computer, other servers and endpoints together; each has a limit of its own besides.',
    unit: 'jobs',
  },
  'jobs.offload': {
    hint: 'Jobs that wait for this computer and have not begun. What costs money never passes the limits of its endpoint.',
    choices: {
      never: 'Never',
      ask: 'Ask when too many wait',
      queueLonger: 'What waits too far back',
      vramTooSmall: 'What ran out of memory here before',
      always: 'Always',
    },
  },
  'jobs.offloadTarget': {
    hint: 'Name of an endpoint or server.',
    example: 'my-endpoint',
    whenEmpty: 'the only one there is',
  },
  'jobs.offloadLongerThan': {
    hint: 'So many waiting jobs stay on this computer; counts for asking and for what waits too far back.',
    unit: 'jobs',
  },

  'api.host': {
    hint: 'Where the API port listens. It always asks for a token, on this computer too.',
    example: '127.0.0.1',
  },
  'api.port': { hint: 'Open while there is a token. 0 takes any free one.' },
};

/** The page around the settings. */
export const settingsPageWords = {
  heading: 'Settings',
  groups: 'Groups of settings',
  intro: (file: string) => `Saved in ${file}`,
  group: {
    installation: 'ComfyUI',
    idle: 'Sleep',
    page: "ComfyUI's page",
    courtesy: 'Share the card',
    supervision: 'Start, stop, crashes',
    network: 'Network',
    gpu: 'Graphics card',
    jobs: 'Jobs',
    api: 'API for programs',
  },
  advancedOf: { installation: 'More folders, private address', network: 'Limits' },
  save: 'Save',
  saving: 'Saving…',
  discard: 'Discard',
  saved: 'Saved.',
  changes: (count: number) => plural(count, 'change', 'changes'),
  problems: (count: number) => `${plural(count, 'field needs', 'fields need')} correction`,
  failed: 'The settings could not be read.',
  locked: (origin: SettingOrigin, variable: string | null) =>
    origin === 'environment'
      ? `Set by ${variable ?? 'the environment'}; change it there.`
      : origin === 'commandLine'
        ? 'Set on the command line; change it there.'
        : 'Set by --demo.',
  restoreDefault: (title: string) => `Restore the default of ${title}`,
  restore: 'Restore default',
  off: 'off',
  empty: 'empty',
  on: 'on',
  equals: (span: string) => `= ${span}`,
  offAtZero: 'off',
  restartComfyUI: 'ComfyUI must restart to use what you saved.',
  restartComfyUIButton: 'Restart ComfyUI',
  restartEngine: 'Stoker itself must restart to use what you saved.',
  restartEngineByHand: 'Stop it and start it again where it runs.',
  restartEngineButton: 'Restart Stoker now',
  problemsHeading: 'Some saved settings were not usable:',
  takesEffect: {
    now: null,
    comfyui: 'Used at the next start of ComfyUI.',
    engine: 'Used at the next start of Stoker.',
  },
  groupTakesEffect: {
    now: null,
    comfyui: 'Changes here are used at the next start of ComfyUI.',
    engine: 'Changes here are used at the next start of Stoker.',
  },
  found: (count: number) => `${plural(count, 'other installation', 'other installations')} found on this computer`,
  useThis: 'Use this',
  chooseFolder: (folder: string) => `Use this: ${folder}`,
  browse: 'Choose…',
  browseFor: (title: string) => `Choose: ${title}`,
};

/** A secret: set, replaced, removed, never shown. */
export const secretWords = {
  /** By what the secret is: the access token of Stoker, the key of a service. */
  of: {
    token: {
      isSet: 'A token is set',
      isUnset: 'No token is set.',
      set: 'Set a token',
      save: 'Save token',
      saved: 'The token is saved.',
      removed: 'The token is removed.',
    },
    key: {
      isSet: 'A key is set',
      isUnset: 'No key is set.',
      set: 'Set the key',
      save: 'Save key',
      saved: 'The key is saved.',
      removed: 'The key is removed.',
    },
  },
  /** After `isSet`. */
  place: {
    file: 'kept in a file that only you can read.',
    memory: 'kept in memory until Stoker ends.',
    environment: 'given by the environment.',
  } satisfies Record<SecretPlace, string>,
  inKeyStore: (name: string) => `kept in ${name}.`,
  keyStore: 'the key store of this computer',
  replace: 'Replace',
  remove: 'Remove',
  removeQuestion: 'Remove it? It cannot be shown again.',
  keep: 'Keep it',
  saving: 'Saving…',
  cancel: 'Cancel',
  noKeyStore: {
    title: 'This computer has no key store',
    explanation:
      'Stoker keeps secrets in the key store of the system (GNOME Keyring, KWallet, Keychain, Windows). None answers here. Where should it be kept?',
    memory: 'Only in memory',
    memoryHint: 'Gone when Stoker ends; it must be entered again then.',
    file: 'In a file only you can read',
    fileHint: 'Not encrypted: who can read your files can read it.',
    cancel: 'Do not save it',
  },
};

/** All settings as a file, without secrets. */
export const settingsFileWords = {
  heading: 'Export and import',
  exportTitle: 'Export',
  exportHint: 'What differs from the defaults, as a file. Secrets are left out.',
  exportButton: 'Export settings',
  importTitle: 'Import',
  importHint: 'You see what would change before anything does.',
  importButton: 'Import settings…',
  notSettings: 'This file does not hold settings of Stoker.',
  preview: 'Import these settings?',
  from: (file: string) => `From ${file}`,
  nothing: 'Nothing would change: these are the settings in use.',
  problems: 'These values cannot be used:',
  problemsStop: 'Correct the file and import it again.',
  change: (title: string, from: string, to: string) => `${title}: from ${from} to ${to}`,
  apply: (count: number) => `Change ${plural(count, 'setting', 'settings')}`,
  applying: 'Importing…',
  cancel: 'Cancel',
  close: 'Close',
  done: 'The settings are imported.',
};

/** What is wrong with a value, beside its field. */
export const invalidWords = {
  required: 'Must not be empty.',
  wholeNumber: 'A whole number.',
  atLeast: (least: number) => `At least ${least.toLocaleString('en')}.`,
  atMost: (most: number) => `At most ${most.toLocaleString('en')}.`,
  minCharacters: (least: number) => `At least ${least} characters.`,
  maxCharacters: (most: number) => `At most ${most} characters.`,
  maxLines: (most: number) => `At most ${most} lines.`,
  notAPair: (line: number) => `Line ${line} is not NAME=value.`,
  twice: (name: string) => `${name} is named twice.`,
  other: 'This value is not possible.',
  /** The engine's own finding comes as the end of a sentence: "must be …". */
  byEngine: (finding: string) => `${finding.charAt(0).toUpperCase()}${finding.slice(1)}.`.replace('..', '.'),
  aNumber: 'A number.',
};
