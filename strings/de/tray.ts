/** Words of the icon in the panel, in German. */
import type { TrayWords } from '../en/tray.ts';
import type { ErrorWords } from '../vocabulary.ts';
import { engineWords } from './engine.ts';
import { plural } from './grammar.ts';

const gigabytes = (amount: number): string =>
  amount.toLocaleString('de', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const errors: Readonly<Record<string, ErrorWords | undefined>> = engineWords.error;

export const trayWords: TrayWords = {
  situation: {
    engineStarting: 'Stoker startet',
    engineRestarting: 'Stoker startet erneut',
    engineGone: 'Stokers Dienst läuft nicht',
    ending: 'Wird beendet',
    unconfigured: 'Noch kein ComfyUI gewählt',
    asleep: 'Schläft, die Karte ist frei',
    waking: 'Wacht auf',
    ready: 'Bereit',
    working: 'Arbeitet',
    stopping: 'Schläft ein',
    finishing: 'Letzter Prompt läuft noch',
    paused: 'Pausiert, die Karte ist frei',
    lent: 'Die Karte ist ausgeliehen',
    backingOff: 'Abgestürzt, startet erneut',
    failed: 'Fehlgeschlagen',
  },
  line: (situation, demo) => (demo ? `${situation} (Demo)` : situation),
  reason: (code, sentence) => errors[code]?.title ?? sentence,
  lent: (cause, owner, sentence) => engineWords.yielded?.(cause, owner) ?? sentence,

  tooltip: {
    head: (situation, demo) => (demo ? `Stoker-Demo: ${situation}` : `Stoker: ${situation}`),
    vram: (usedGb, totalGb, comfyGb) =>
      `VRAM ${gigabytes(usedGb)} von ${gigabytes(totalGb)} GB${comfyGb === null ? '' : `, ComfyUI ${gigabytes(comfyGb)}`}`,
    queue: (running, pending) => `${running} läuft, ${pending.toLocaleString('de')} in der Schlange`,
    remote: (jobs, dollars) =>
      `${plural(jobs, 'Auftrag', 'Aufträge')} bei RunPod, heute ${dollars.toFixed(2).replace('.', ',')} $`,
    kept: (prompts) => `${plural(prompts, 'Prompt', 'Prompts')} aufbewahrt`,
    sleepsIn: (left) => `Schläft in ${left}`,
    sleepsWhenDone: 'Schläft nach der Warteschlange',
    awakeUntil: (clock) => `Wach bis ${clock}`,
    readyIn: (left) => `Bereit in etwa ${left}`,
    startsAgainIn: (left) => `Startet erneut in ${left}`,
    until: (clock) => `Bis ${clock}.`,
  },

  menu: {
    setUp: 'ComfyUI wäh&len …',
    start: 'ComfyUI &starten',
    startWithoutCustomNodes: '&Ohne Custom Nodes starten',
    cancelStart: 'Start ab&brechen',
    sleep: 'Jetzt &schlafen legen',
    tryAgain: 'Erneut &versuchen',
    tryNow: 'Jetzt &versuchen',
    stopTrying: 'Nicht wei&ter versuchen',
    restart: 'ComfyUI &neu starten',
    free: 'VRAM &freigeben',
    openComfyui: '&ComfyUI öffnen',
    openDashboard: '&Dashboard öffnen',
    stopWhenDone: 'Nach der &Warteschlange schlafen legen',
    keepAwake: 'Wach &halten',
    keepAwakeUntil: (clock) => `Wach &halten (bis ${clock})`,
    forOneHour: '1 &Stunde lang',
    untilMorning: 'Bis &morgens um 7',
    letItSleep: '&Wieder schlafen lassen',
    pause: '&Pausieren und Karte freigeben',
    resume: (kept) => (kept === 0 ? 'F&ortsetzen' : `F&ortsetzen (${plural(kept, 'Prompt', 'Prompts')} aufbewahrt)`),
    offload: 'W&arteschlange auslagern',
    offloadNothing: 'W&arteschlange auslagern (nichts wartet)',
    offloadTo: (target) => `Nach ${target}`,
    offloadRefused: (target) => `Nach ${target} (nimmt gerade nichts an)`,
    bringBack: '&Zurückholen',
    settings: '&Einstellungen …',
    logs: 'Proto&koll',
    quit: 'Stoker beenden',
  },

  loseWork: {
    title: {
      stop: 'Jetzt schlafen legen und diese Arbeit abbrechen?',
      restart: 'Neu starten und diese Arbeit abbrechen?',
    },
    detail: (running, pending) =>
      `In ComfyUI: ${running} läuft, ${pending.toLocaleString('de')} in der Warteschlange. Alles bleibt erhalten; was läuft, beginnt später von vorn.`,
    whenDone: 'Danach schlafen legen',
    lose: {
      stop: (prompts) => `Schlafen legen, ${plural(prompts, 'Prompt', 'Prompts')} für später behalten`,
      restart: (prompts) => `Neu starten, ${plural(prompts, 'Prompt', 'Prompts')} von vorn beginnen`,
    },
    keep: 'Weiterarbeiten',
  },

  refused: {
    start: 'ComfyUI wurde nicht gestartet',
    stop: 'ComfyUI wurde nicht schlafen gelegt',
    restart: 'ComfyUI wurde nicht neu gestartet',
    free: 'VRAM wurde nicht freigegeben',
    pause: 'Die Karte wurde nicht freigegeben',
    resume: 'Die Arbeit wurde nicht fortgesetzt',
    stopWhenDone: 'Das war nicht möglich',
    keepAwake: 'Das war nicht möglich',
    offload: 'Nicht alles wurde ausgelagert',
    bringBack: 'Nicht alles kam zurück',
  },
  stayed: (jobs, reason) => `${plural(jobs, 'Auftrag bleibt', 'Aufträge bleiben')}. ${reason}`,
};
