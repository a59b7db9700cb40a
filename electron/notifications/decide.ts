/** What is worth telling a person who does not look, and in which words. Pure: what happened in, at most one message out. */
import type { LinkTarget, Preferences } from '../../contract/desktop.ts';
import type { JobNotice, PromptEnd } from '../../contract/events.ts';
import type { Status } from '../../contract/status.ts';
import type { NotificationWords } from '../../strings/en/notifications.ts';
import type { EngineState } from '../engine/engine-link.ts';

export interface Message {
  /** A newer message takes the place of an older one of its subject. */
  readonly subject: 'jobs' | 'queue' | 'comfyui' | 'engine';
  readonly title: string;
  readonly body: string;
  /** Stays until it is seen, where the system can do that. */
  readonly urgent: boolean;
  /** The prompt whose picture is shown with it. */
  readonly pictureOf: string | null;
  /** By a click. */
  readonly opens: LinkTarget;
}

export type Wishes = Pick<Preferences, 'notifications' | 'notifyWakeAndSleep'>;

/** @param isLooking the user has ComfyUI's window before them: it shows how jobs end itself */
export function isWorthTelling(end: PromptEnd, { notifications }: Wishes, isLooking: boolean): boolean {
  // Interrupted: somebody did that on purpose.
  if (isLooking || end.outcome === 'interrupted') return false;
  return notifications === 'all' || (notifications === 'problems' && end.outcome === 'failed');
}

/** Images of one batch, or of a node that makes several prompts, end within this. */
const TOGETHER_MS = 2000;
/** A long queue tells how far it is not more often than this. */
const GROUP_MS = 30_000;

/** When the ends that wait are told as one. All times in epoch milliseconds. */
export function tellJobsAt(firstEndAt: number, lastEndAt: number, isQueueEmpty: boolean): number {
  const groupEndsAt = firstEndAt + GROUP_MS;
  return isQueueEmpty ? Math.min(lastEndAt + TOGETHER_MS, groupEndsAt) : groupEndsAt;
}

/** @param ends at least one, oldest first */
export function jobsMessage(ends: readonly PromptEnd[], words: NotificationWords): Message {
  const done = ends.filter((end) => end.outcome === 'completed');
  const failed = ends.filter((end) => end.outcome === 'failed');
  const images = done.reduce((sum, end) => sum + end.images.length, 0);
  const names = [...new Set(ends.flatMap((end) => end.title ?? []))];
  const only = ends.length === 1 ? ends[0] : undefined;
  const problem = failed.find((end) => end.message !== null)?.message ?? null;
  return {
    subject: 'jobs',
    title: words.jobs.title({ done: done.length, failed: failed.length, images }),
    body: problem ?? words.jobs.body(names.slice(0, 3), names.length - 3, only?.seconds ?? null),
    urgent: false,
    pictureOf: done.filter((end) => end.images.length > 0).at(-1)?.promptId ?? null,
    // What ran elsewhere is not in ComfyUI's own list.
    opens: done.some((end) => end.target === undefined) ? 'comfyui' : 'dashboard',
  };
}

/** What the jobs want a person to know; asked for by a rule of theirs or by a limit they set. */
export function noticeMessage(notice: JobNotice, { notifications }: Wishes, words: NotificationWords): Message | null {
  if (notifications === 'off') return null;
  const about = { subject: 'queue', urgent: false, pictureOf: null, opens: 'dashboard' } as const;
  switch (notice.kind) {
    case 'offloadOffered':
      return { ...about, ...words.offloadOffered(notice.waiting, notice.target) };
    case 'budgetReached':
      return { ...about, ...words.budgetReached(notice.target, notice.reason) };
  }
}

/** ComfyUI is started again after each crash; only the first of a row is news, and the giving up. */
const CRASH_ROW_MS = 10 * 60_000;

export interface StateContext {
  readonly wishes: Wishes;
  readonly words: NotificationWords;
  readonly isLooking: boolean;
  /** Epoch milliseconds; null when none was told. */
  readonly crashToldAt: number | null;
  readonly now: number;
}

/** @param before the last status heard; null for the first one, which is no news */
export function stateMessage(before: Status | null, after: Status, context: StateContext): Message | null {
  const { wishes, words, isLooking } = context;
  if (before === null || before.state === after.state || wishes.notifications === 'off') return null;
  const about = { subject: 'comfyui', urgent: false, pictureOf: null } as const;
  switch (after.state) {
    case 'failed':
      if (after.error?.code === 'not_configured') return null;
      return { ...about, ...words.failed(after.reasonCode, after.reason), urgent: true, opens: 'dashboard' };
    case 'backingOff':
      if (context.crashToldAt !== null && context.now - context.crashToldAt < CRASH_ROW_MS) return null;
      return { ...about, ...words.crashed(after.reasonCode, after.reason), opens: 'dashboard' };
    case 'running':
      if (!tellsWakeAndSleep(wishes) || isLooking || before.state !== 'starting') return null;
      return { ...about, ...words.woke, opens: 'comfyui' };
    case 'stopped':
      if (!tellsWakeAndSleep(wishes) || !BY_ITSELF.has(after.reasonCode)) return null;
      return { ...about, ...words.slept, opens: 'dashboard' };
    default:
      return null;
  }
}

const tellsWakeAndSleep = (wishes: Wishes): boolean => wishes.notifications === 'all' && wishes.notifyWakeAndSleep;
const BY_ITSELF: ReadonlySet<string> = new Set(['idle', 'queueDone']);

/** Stoker's own engine: only its end is told, restarts heal by themselves. */
export function engineMessage(
  before: EngineState,
  after: EngineState,
  { notifications }: Wishes,
  words: NotificationWords,
): Message | null {
  if (after.kind !== 'gaveUp' || before.kind === 'gaveUp' || notifications === 'off') return null;
  return { subject: 'engine', ...words.engineGone(after.reason), urgent: true, pictureOf: null, opens: 'dashboard' };
}
