/** Settings of this computer (the desktop application) or of this browser: what takes effect at once and is not the engine's. */
import type { Language, Preferences } from '../../contract/desktop.ts';

/** A language is named in itself, so that who cannot read the page finds the way out. */
const LANGUAGE: Record<Language, string> = { en: 'English', de: 'Deutsch' };

const OPEN_ON_START: Record<Preferences['openOnStart'], string> = {
  dashboard: 'The dashboard',
  comfyui: 'ComfyUI',
  nothing: 'Nothing',
};

const NOTIFICATIONS: Record<Preferences['notifications'], string> = {
  all: 'All',
  problems: 'Problems only',
  off: 'None',
};

const ACCELERATION: Record<Preferences['hardwareAcceleration'], string> = {
  on: 'Always',
  smallCard: 'Not beside ComfyUI on a card of 8 GB or less',
  off: 'Never',
};

export const computerWords = {
  heading: 'This computer',
  browserHeading: 'This browser',
  atOnce: 'Takes effect at once.',
  failed: 'This could not be changed.',
  unreadable: 'The settings of this computer could not be read.',

  startAtLogin: { title: 'Start at login', hint: 'Stoker waits in the panel; ComfyUI starts when it is needed.' },
  cannotStartAtLogin: 'Not possible for this copy of Stoker.',
  showTrayIcon: {
    title: 'Icon in the panel',
    hint: 'Shows the state of ComfyUI and the card. Without it Stoker is opened from the menu of applications.',
  },
  openOnStart: { title: 'A start opens', hint: 'A start at login opens nothing.' },
  openOnStartChoice: OPEN_ON_START,
  notifications: { title: 'Notifications', hint: 'Problems are prompts that failed and crashes.' },
  notificationsChoice: NOTIFICATIONS,
  notifyWakeAndSleep: { title: 'Tell when it wakes and sleeps', hint: 'Many times a day.' },
  blockSleep: {
    title: 'Keep the computer awake while ComfyUI works',
    hint: 'The screen may still turn off.',
  },
  acceleration: {
    title: 'Draw windows with the graphics card',
    hint: 'Costs about 100 MB of VRAM while a window is open. Used after a restart of Stoker.',
  },
  accelerationChoice: ACCELERATION,
  restartShell: 'Stoker must restart to draw its windows the other way. Work of ComfyUI goes on.',
  restartShellButton: 'Restart Stoker now',
  appearance: { title: 'Appearance', hint: 'Light or dark.' },
  appearanceChoice: { system: 'As the system', light: 'Light', dark: 'Dark' },
  language: { title: 'Language', hint: 'The page loads anew; nothing typed is lost.' },
  languageChoice: { ...LANGUAGE, system: 'As the system' },
  demo: { title: 'Demo', hint: 'The built-in simulator stands in for ComfyUI.' },
  leaveDemo: 'Leave the demo',
  welcome: { title: 'Welcome guide', hint: 'Choose ComfyUI and its idle time step by step.' },
  openWelcome: 'Open the guide',

  updates: { title: 'Look for updates', hint: 'Stoker is never replaced while ComfyUI works.' },
  update: {
    idle: (moment: string | null) => (moment === null ? 'Not checked yet.' : `Up to date, checked ${moment}.`),
    checking: 'Looking for an update…',
    downloading: (version: string, percent: string) => `Version ${version} is being fetched: ${percent}`,
    ready: (version: string) => `Version ${version} is ready.`,
    waits: 'ComfyUI works right now.',
    failed: (message: string) => `The update failed: ${message}`,
    notes: 'What is new',
    check: 'Check now',
    install: 'Install and restart',
    installLater: 'Install when the work is done',
    asked: 'Stoker restarts by itself when the work is done.',
    version: (version: string) => `This is version ${version}.`,
  },
};
