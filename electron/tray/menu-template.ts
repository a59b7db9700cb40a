/**
 * The menu of the tray as plain data. Pure. It holds no ticking numbers: it is rebuilt when its meaning changes, not every second.
 * Items keep their places in all states (a person finds them by hand); what makes no sense now is disabled.
 */
import type { LinkTarget } from '../../contract/desktop.ts';
import type { Status } from '../../contract/status.ts';
import type { TrayWords } from '../../strings/en/tray.ts';
import type { EngineState } from '../engine/engine-link.ts';
import { type Situation, situationOf } from './situation.ts';

/** What only the engine can do. */
export type EngineDeed =
  | { readonly do: 'start'; readonly withoutCustomNodes: boolean }
  | { readonly do: 'stop' | 'restart' | 'free' | 'pause' | 'resume' }
  | { readonly do: 'stopWhenDone'; readonly wanted: boolean }
  | { readonly do: 'keepAwake'; readonly how: 'hour' | 'morning' | 'off' }
  | { readonly do: 'offload'; readonly target: string }
  | { readonly do: 'bringBack' };

export type TrayAction =
  | EngineDeed
  | { readonly do: 'retryEngine' | 'quit' }
  | { readonly do: 'open'; readonly target: LinkTarget };

export type TrayItem =
  | { readonly kind: 'separator' }
  /** Only to be read. */
  | { readonly kind: 'line'; readonly label: string }
  | {
      readonly kind: 'action';
      readonly label: string;
      readonly enabled: boolean;
      readonly action: TrayAction;
      /** A check box when given. */
      readonly checked?: boolean;
      /** macOS shows keys in such menus, the others do not. */
      readonly macKeys?: string;
    }
  | {
      readonly kind: 'submenu';
      readonly label: string;
      readonly enabled: boolean;
      readonly items: readonly TrayItem[];
    };

export interface MenuFacts {
  readonly engine: EngineState;
  readonly status: Status | null;
  readonly words: TrayWords;
  /** The time of day in the person's own way. */
  readonly clock: (epochMs: number) => string;
}

export function menuTemplate({ engine, status, words, clock }: MenuFacts): readonly TrayItem[] {
  const situation = situationOf(engine, status);
  const { menu } = words;
  const item = (label: string, enabled: boolean, action: TrayAction): TrayItem => ({
    kind: 'action',
    label,
    enabled,
    action,
  });
  const open = (target: LinkTarget, label: string, enabled: boolean): TrayItem =>
    item(label, enabled, { do: 'open', target });
  const alive = situation !== 'ending';
  const runs = situation === 'ready' || situation === 'working' || situation === 'finishing';
  const lent = situation === 'lent' || situation === 'paused' || situation === 'finishing';
  return [
    { kind: 'line', label: words.line(words.situation[situation], status?.engine.demo === true) },
    separator,
    ...mainActions(situation, status, words),
    item(menu.restart, runs, { do: 'restart' }),
    item(menu.free, runs, { do: 'free' }),
    separator,
    open('comfyui', menu.openComfyui, alive && situation !== 'engineGone' && situation !== 'unconfigured'),
    open('dashboard', menu.openDashboard, alive),
    separator,
    whenDone(situation, status, words),
    keepAwake(situation, status, words, clock),
    lent
      ? item(menu.resume(status?.courtesy.parkedPrompts ?? 0), true, { do: 'resume' })
      : item(menu.pause, runs || situation === 'asleep' || situation === 'waking', { do: 'pause' }),
    ...offload(alive ? status : null, words),
    separator,
    { ...open('settings', menu.settings, alive), macKeys: 'Command+,' } as TrayItem,
    open('logs', menu.logs, alive),
    separator,
    { ...item(menu.quit, alive, { do: 'quit' }), macKeys: 'Command+Q' } as TrayItem,
  ];
}

const separator: TrayItem = { kind: 'separator' };

/** What most people want now: one item, two where there is a choice. */
function mainActions(situation: Situation, status: Status | null, { menu }: TrayWords): readonly TrayItem[] {
  const item = (label: string, action: TrayAction, enabled = true): TrayItem => ({
    kind: 'action',
    label,
    enabled,
    action,
  });
  const start = (label: string): TrayItem => item(label, { do: 'start', withoutCustomNodes: false });
  const withoutCustomNodes =
    status?.error?.offerWithoutCustomNodes === true
      ? [item(menu.startWithoutCustomNodes, { do: 'start', withoutCustomNodes: true })]
      : [];
  switch (situation) {
    case 'engineGone':
      return [item(menu.tryAgain, { do: 'retryEngine' })];
    case 'unconfigured':
      return [item(menu.setUp, { do: 'open', target: 'welcome' })];
    case 'asleep':
      return [start(menu.start)];
    case 'waking':
      return [item(menu.cancelStart, { do: 'stop' })];
    case 'ready':
    case 'working':
      return [item(menu.sleep, { do: 'stop' })];
    case 'backingOff':
      return [start(menu.tryNow), ...withoutCustomNodes, item(menu.stopTrying, { do: 'stop' })];
    case 'failed':
      return [start(menu.tryAgain), ...withoutCustomNodes];
    case 'engineStarting':
    case 'engineRestarting':
    case 'ending':
    case 'stopping':
    case 'paused':
    case 'lent':
    case 'finishing':
      return [item(menu.start, { do: 'start', withoutCustomNodes: false }, false)];
  }
}

/** Takes itself back as well, hence enabled while checked. */
function whenDone(situation: Situation, status: Status | null, { menu }: TrayWords): TrayItem {
  const checked = status?.idle.stopWhenDone === true;
  return {
    kind: 'action',
    label: menu.stopWhenDone,
    enabled: situation === 'working' || checked,
    checked,
    action: { do: 'stopWhenDone', wanted: !checked },
  };
}

/** Only where there is a place to move jobs to. */
function offload(status: Status | null, { menu }: TrayWords): readonly TrayItem[] {
  if (status === null || status.jobs.offloadTargets.length === 0) return [];
  const { movable, returnable, offloadTargets } = status.jobs;
  const item = (label: string, enabled: boolean, action: TrayAction): TrayItem => ({
    kind: 'action',
    label,
    enabled,
    action,
  });
  const isAny = movable > 0 || returnable > 0;
  return [
    {
      kind: 'submenu',
      label: isAny ? menu.offload : menu.offloadNothing,
      enabled: isAny,
      items: [
        ...offloadTargets.map(({ name, refusal }) =>
          item(refusal === null ? menu.offloadTo(name) : menu.offloadRefused(name), movable > 0 && refusal === null, {
            do: 'offload',
            target: name,
          }),
        ),
        separator,
        item(menu.bringBack, returnable > 0, { do: 'bringBack' }),
      ],
    },
  ];
}

function keepAwake(
  situation: Situation,
  status: Status | null,
  { menu }: TrayWords,
  clock: MenuFacts['clock'],
): TrayItem {
  const until = status?.idle.keepAwakeUntil ?? null;
  const item = (label: string, how: 'hour' | 'morning' | 'off', enabled: boolean): TrayItem => ({
    kind: 'action',
    label,
    enabled,
    action: { do: 'keepAwake', how },
  });
  return {
    kind: 'submenu',
    label: until === null ? menu.keepAwake : menu.keepAwakeUntil(clock(Date.parse(until))),
    enabled: until !== null || situation === 'ready' || situation === 'working' || situation === 'waking',
    items: [
      item(menu.forOneHour, 'hour', true),
      item(menu.untilMorning, 'morning', true),
      separator,
      item(menu.letItSleep, 'off', until !== null),
    ],
  };
}
