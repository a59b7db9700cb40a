/** What the badge says of ComfyUI: always in words, the mark beside them only repeats it. Pure. */
import type { Status } from '../../../../contract/status.ts';
import { clockOf, WORDS } from '../words.ts';

export interface BadgeFace {
  readonly mark: 'asleep' | 'waking' | 'ready' | 'lent' | 'trouble';
  readonly text: string;
  /** A sentence on what it means, for who points at it. */
  readonly more: string;
}

type Shown = Pick<Status, 'state' | 'boot' | 'idle' | 'courtesy' | 'error' | 'reason' | 'page'>;

/** @param status null: Stoker does not answer @param secondsSince it came */
export function badgeFace(status: Shown | null, secondsSince: number): BadgeFace {
  const { badge } = WORDS;
  if (status === null) return { mark: 'trouble', text: badge.silent, more: badge.silentMore };
  const { state, boot, courtesy, error, reason, page } = status;
  switch (state) {
    case 'starting':
      return { mark: 'waking', text: wakingText(boot, secondsSince), more: badge.wakingMore };
    case 'backingOff':
      return { mark: 'trouble', text: badge.crashed, more: error?.message ?? reason };
    case 'failed':
      return { mark: 'trouble', text: badge.failed, more: error?.message ?? reason };
    case 'stopping':
      return { mark: 'asleep', text: badge.stopping, more: badge.stoppingMore };
    case 'running':
      return { mark: 'ready', text: readyText(status), more: courtesy.reason ?? badge.readyMore };
    case 'stopped':
      if (courtesy.state !== 'none') return { mark: 'lent', text: lentText(courtesy), more: courtesy.reason ?? reason };
      return { mark: 'asleep', text: badge.asleep, more: asleepMore(page) };
  }
}

/** @returns phase, and the time left where earlier starts taught how long one takes */
function wakingText(boot: Shown['boot'], secondsSince: number): string {
  const { badge } = WORDS;
  const { phase, elapsedSeconds, expectedSeconds } = boot ?? {
    phase: 'launching' as const,
    elapsedSeconds: 0,
    expectedSeconds: null,
  };
  const elapsed = elapsedSeconds + secondsSince;
  if (expectedSeconds === null) return badge.waking(phase, badge.soFar(Math.floor(elapsed)));
  const left = Math.ceil(expectedSeconds - elapsed);
  return badge.waking(phase, left > 0 ? badge.left(left) : badge.overdue(Math.floor(elapsed)));
}

function readyText({ courtesy, idle }: Shown): string {
  if (courtesy.state !== 'none') return WORDS.badge.lendingSoon;
  return idle.keepAwakeUntil === null ? WORDS.badge.ready : WORDS.badge.awakeUntil(clockOf(idle.keepAwakeUntil));
}

function lentText({ cause, leases, parkedPrompts }: Status['courtesy']): string {
  const { badge } = WORDS;
  const owner = (leases.find(({ granted }) => granted) ?? leases[0])?.owner;
  const text = cause === 'paused' ? badge.paused : owner === undefined ? badge.lentToOthers : badge.lent(owner);
  return parkedPrompts === 0 ? text : `${text}, ${badge.prompts(parkedPrompts)}`;
}

const asleepMore = ({ writesKept }: Status['page']): string =>
  writesKept === 0 ? WORDS.badge.asleepMore : `${WORDS.badge.asleepMore} ${WORDS.badge.kept(writesKept)}`;
