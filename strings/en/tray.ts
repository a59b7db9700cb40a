/** Words of the icon in the panel: its tooltip, its menu, the question before work is lost. `&` marks the letter that chooses an item. */
import type { YieldCause } from '../../contract/courtesy.ts';
import { plural } from './grammar.ts';

const gigabytes = (amount: number): string =>
  amount.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const trayWords = {
  /** Of ComfyUI, in a word or two; of Stoker where there is none. */
  situation: {
    engineStarting: 'Stoker is starting',
    engineRestarting: 'Stoker is starting again',
    engineGone: 'Stoker’s engine does not run',
    ending: 'Quitting',
    unconfigured: 'No ComfyUI chosen yet',
    asleep: 'Asleep, the card is free',
    waking: 'Waking',
    ready: 'Ready',
    working: 'Working',
    stopping: 'Going to sleep',
    finishing: 'Finishing the running prompt',
    paused: 'Paused, the card is free',
    lent: 'The card is lent out',
    backingOff: 'Crashed, starts again',
    failed: 'Failed',
  },
  /** The first line of the menu. */
  line: (situation: string, demo: boolean) => (demo ? `${situation} (demo)` : situation),
  /** @param code of the engine @param sentence its own words */
  reason: (_code: string, sentence: string): string => sentence,
  /** Who has the card. @param sentence the engine's own */
  lent: (_cause: YieldCause, _owner: string | null, sentence: string): string => sentence,

  tooltip: {
    head: (situation: string, demo: boolean) => (demo ? `Stoker demo: ${situation}` : `Stoker: ${situation}`),
    vram: (usedGb: number, totalGb: number, comfyGb: number | null) =>
      `VRAM ${gigabytes(usedGb)} of ${gigabytes(totalGb)} GB${comfyGb === null ? '' : `, ComfyUI ${gigabytes(comfyGb)}`}`,
    queue: (running: number, pending: number) => `${running} running, ${pending.toLocaleString('en')} waiting`,
    /** @param dollars spent today, with what is held */
    remote: (jobs: number, dollars: number) => `${plural(jobs, 'job', 'jobs')} on RunPod, $${dollars.toFixed(2)} today`,
    kept: (prompts: number) => `${plural(prompts, 'prompt', 'prompts')} kept`,
    sleepsIn: (left: string) => `Sleeps in ${left}`,
    sleepsWhenDone: 'Sleeps when the queue is done',
    awakeUntil: (clock: string) => `Awake until ${clock}`,
    readyIn: (left: string) => `Ready in about ${left}`,
    startsAgainIn: (left: string) => `Starts again in ${left}`,
    until: (clock: string) => `Until ${clock}.`,
  },

  menu: {
    setUp: 'Choose &ComfyUI…',
    start: '&Start ComfyUI',
    startWithoutCustomNodes: 'Start &without Custom Nodes',
    cancelStart: '&Cancel the Start',
    sleep: '&Sleep Now',
    tryAgain: '&Try Again',
    tryNow: '&Try Now',
    stopTrying: 'Stop Tr&ying',
    restart: '&Restart ComfyUI',
    free: '&Free VRAM',
    openComfyui: '&Open ComfyUI',
    openDashboard: 'Open &Dashboard',
    stopWhenDone: 'Sleep When the &Queue Is Done',
    keepAwake: '&Keep Awake',
    keepAwakeUntil: (clock: string) => `&Keep Awake (until ${clock})`,
    forOneHour: 'For 1 &Hour',
    untilMorning: 'Until 7 in the &Morning',
    letItSleep: '&Let It Sleep Again',
    pause: '&Pause and Free the Card',
    resume: (kept: number) => (kept === 0 ? 'Res&ume' : `Res&ume (${plural(kept, 'prompt', 'prompts')} kept)`),
    offload: 'Offlo&ad Queue',
    offloadNothing: 'Offlo&ad Queue (nothing waits)',
    offloadTo: (target: string) => `To ${target}`,
    offloadRefused: (target: string) => `To ${target} (takes none now)`,
    bringBack: '&Bring Back',
    settings: 'S&ettings…',
    logs: '&Log',
    quit: 'Quit Stoker',
  },

  loseWork: {
    title: { stop: 'Sleep now and break off this work?', restart: 'Restart and break off this work?' },
    detail: (running: number, pending: number) =>
      `ComfyUI has ${running} running and ${pending} waiting. They are kept; what runs begins anew when ComfyUI runs again.`,
    whenDone: 'Sleep when done',
    lose: {
      stop: (prompts: number) => `Sleep now, keep ${plural(prompts, 'prompt', 'prompts')} for later`,
      restart: (prompts: number) => `Restart, begin ${plural(prompts, 'prompt', 'prompts')} anew`,
    },
    keep: 'Keep working',
  },

  /** Over the engine's own sentence. */
  refused: {
    start: 'ComfyUI was not started',
    stop: 'ComfyUI was not put to sleep',
    restart: 'ComfyUI was not restarted',
    free: 'VRAM was not freed',
    pause: 'The card was not freed',
    resume: 'Work was not resumed',
    stopWhenDone: 'The wish could not be kept',
    keepAwake: 'The wish could not be kept',
    offload: 'Not everything was moved',
    bringBack: 'Not everything came back',
  },
  /** @param reason of the first, the engine's own words */
  stayed: (jobs: number, reason: string): string => `${plural(jobs, 'job stays', 'jobs stay')}. ${reason}`,
};
export type TrayWords = typeof trayWords;
