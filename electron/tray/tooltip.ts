/** The few short lines one reads when pointing at the icon, and when they will read differently by themselves. Pure. */
import type { Status } from '../../contract/status.ts';
import type { TrayWords } from '../../strings/en/tray.ts';
import type { EngineState } from '../engine/engine-link.ts';
import { situationOf } from './situation.ts';

export interface Tooltip {
  readonly text: string;
  /** Milliseconds until a countdown in it reads differently; null when none runs. */
  readonly changesInMs: number | null;
}

export interface TooltipFacts {
  readonly engine: EngineState;
  readonly status: Status | null;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly words: TrayWords;
  /** The time of day in the person's own way. */
  readonly clock: (epochMs: number) => string;
}

/** Windows cuts at 127 characters. */
const MAX_CHARACTERS = 127;

export function tooltipOf(facts: TooltipFacts): Tooltip {
  const { engine, status, words } = facts;
  const situation = situationOf(engine, status);
  // These three name Stoker themselves.
  const isAboutStoker = situation.startsWith('engine');
  const state = words.situation[situation];
  const head = isAboutStoker ? state : words.tooltip.head(state, status?.engine.demo === true);
  if (status === null) return { text: head, changesInMs: null };
  const outlook = outlookOf(status, facts);
  const lines = [head, vramLine(status, words), outlook?.text, queueLine(status, words), remoteLine(status, words)];
  return {
    text: shortened(lines.filter((line) => line !== undefined && line !== null)),
    changesInMs: outlook?.changesInMs ?? null,
  };
}

/** The last lines go first; a long reason is cut. */
function shortened(lines: readonly string[]): string {
  const text = lines.join('\n');
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1).trimEnd()}…`;
}

const GIB = 2 ** 30;

/** Of all cards that tell; null when none does. A card's box counts GiB and calls them GB. */
function vramLine({ gpus }: Status, words: TrayWords): string | null {
  const telling = gpus.filter((gpu) => gpu.vramTotalBytes !== null && gpu.vramUsedBytes !== null);
  if (telling.length === 0) return null;
  const sum = (field: 'vramTotalBytes' | 'vramUsedBytes' | 'vramComfyBytes'): number =>
    telling.reduce((bytes, gpu) => bytes + (gpu[field] ?? 0), 0) / GIB;
  const comfyGb = telling.some((gpu) => gpu.vramComfyBytes !== null) ? sum('vramComfyBytes') : null;
  return words.tooltip.vram(sum('vramUsedBytes'), sum('vramTotalBytes'), comfyGb);
}

function queueLine({ queue, courtesy, state }: Status, words: TrayWords): string | null {
  if (courtesy.parkedPrompts > 0) return words.tooltip.kept(courtesy.parkedPrompts);
  if (state === 'stopped' || queue.running + queue.pending === 0) return null;
  return words.tooltip.queue(queue.running, queue.pending);
}

function remoteLine({ jobs }: Status, words: TrayWords): string | null {
  return jobs.remote === 0 ? null : words.tooltip.remote(jobs.remote, jobs.spentTodayMicroDollars / 1_000_000);
}

/** What comes next, or why it is as it is. */
function outlookOf(status: Status, { engine, now, words, clock }: TooltipFacts): Tooltip | null {
  const still = (text: string): Tooltip => ({ text, changesInMs: null });
  switch (situationOf(engine, status)) {
    case 'ready':
    case 'working':
      return idleOutlook(status, now, words, clock);
    case 'waking': {
      if (status.boot?.expectedSeconds == null) return null;
      const endsAt = Date.parse(status.since) + status.boot.expectedSeconds * 1000;
      return endsAt > now ? countdown(endsAt - now, words.tooltip.readyIn) : null;
    }
    case 'backingOff':
      return status.retryAt === null ? null : countdown(Date.parse(status.retryAt) - now, words.tooltip.startsAgainIn);
    case 'lent':
      return still(lentLine(status, words, clock));
    case 'failed':
      return still(words.reason(status.reasonCode, status.reason));
    default:
      return null;
  }
}

function lentLine({ courtesy }: Status, words: TrayWords, clock: TooltipFacts['clock']): string {
  const owner = courtesy.leases.find((lease) => lease.granted)?.owner ?? null;
  const reason = words.lent(courtesy.cause ?? 'lease', owner, courtesy.reason ?? '');
  return courtesy.until === null ? reason : `${reason} ${words.tooltip.until(clock(Date.parse(courtesy.until)))}`;
}

function idleOutlook({ idle }: Status, now: number, words: TrayWords, clock: TooltipFacts['clock']): Tooltip | null {
  if (idle.stopWhenDone) return { text: words.tooltip.sleepsWhenDone, changesInMs: null };
  if (idle.blockedBy.some((blocker) => blocker !== 'keepAwake')) return null;
  const awakeUntil = idle.keepAwakeUntil === null ? 0 : Date.parse(idle.keepAwakeUntil);
  if (awakeUntil > now) return { text: words.tooltip.awakeUntil(clock(awakeUntil)), changesInMs: awakeUntil - now };
  return idle.stopsAt === null ? null : countdown(Date.parse(idle.stopsAt) - now, words.tooltip.sleepsIn);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Seconds are told only near the end: until then nothing has to tick. */
const TICKING_MS = 90 * SECOND;

function countdown(leftMs: number, sentence: (left: string) => string): Tooltip {
  if (leftMs <= 0) return { text: sentence('0 s'), changesInMs: null };
  if (leftMs <= TICKING_MS) {
    const seconds = Math.ceil(leftMs / SECOND);
    return { text: sentence(`${seconds} s`), changesInMs: leftMs - (seconds - 1) * SECOND };
  }
  const minutes = Math.ceil(leftMs / MINUTE);
  const text = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return { text: sentence(text), changesInMs: Math.min(leftMs - (minutes - 1) * MINUTE, leftMs - TICKING_MS) };
}
