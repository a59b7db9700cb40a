/** Which picture answers "can I use my card now?". Pure. The pictures are drawn in build/icons/. */
import type { Status } from '../../contract/status.ts';
import type { EngineState } from '../engine/engine-link.ts';
import { type Situation, situationOf } from './situation.ts';

/** `remote`: the card is free or idle, and an endpoint works. */
export const TRAY_ICONS = ['asleep', 'waking', 'ready', 'busy', 'remote', 'failed'] as const;
export type TrayIcon = (typeof TRAY_ICONS)[number];

/** `waking` is half a flame: on the way up or down, the card is neither free nor usable. */
const ICON: Record<Situation, TrayIcon> = {
  engineStarting: 'asleep',
  engineRestarting: 'waking',
  engineGone: 'failed',
  ending: 'waking',
  unconfigured: 'asleep',
  asleep: 'asleep',
  waking: 'waking',
  ready: 'ready',
  working: 'busy',
  stopping: 'waking',
  finishing: 'busy',
  paused: 'asleep',
  lent: 'asleep',
  backingOff: 'failed',
  failed: 'failed',
};

export function iconOfState(engine: EngineState, status: Status | null): TrayIcon {
  const icon = ICON[situationOf(engine, status)];
  const isQuiet = icon === 'asleep' || icon === 'ready';
  return isQuiet && status !== null && status.jobs.remote > 0 ? 'remote' : icon;
}
