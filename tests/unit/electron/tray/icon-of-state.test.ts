import { describe, expect, it } from 'vitest';
import { NO_JOBS, type Status } from '../../../../contract/status.ts';
import { iconOfState, type TrayIcon } from '../../../../electron/tray/icon-of-state.ts';
import { type Situation, situationOf } from '../../../../electron/tray/situation.ts';
import { asleep, failed, ready, working } from '../../../support/dashboard-fixtures.ts';
import { CONNECTED, NOW, SCENES, SITUATIONS } from './tray-scenes.ts';

const EXPECTED: Record<Situation, TrayIcon> = {
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

describe('the icon answers whether the card can be used', () => {
  it.each(SITUATIONS)('%s', (situation) => {
    const { engine, status } = SCENES[situation];
    expect(situationOf(engine, status)).toBe(situation);
    expect(iconOfState(engine, status)).toBe(EXPECTED[situation]);
  });

  it('is not red when only the choice of a ComfyUI is missing', () => {
    const error = { ...failed(NOW).error, code: 'not_configured' } as NonNullable<ReturnType<typeof failed>['error']>;
    expect(situationOf(CONNECTED, { ...failed(NOW), error })).toBe('unconfigured');
  });

  it('points elsewhere while an endpoint works and the card does not', () => {
    const jobs = { ...NO_JOBS, running: 1, remote: 1 };
    const withRemote = (status: Status): TrayIcon => iconOfState(CONNECTED, { ...status, jobs });
    expect([asleep(NOW), ready(NOW), working(NOW), failed(NOW)].map(withRemote)).toEqual([
      'remote',
      'remote',
      'busy',
      'failed',
    ]);
  });

  it('shows a free card while ComfyUI runs on with its VRAM given away', () => {
    const courtesy = { ...(SCENES.lent.status as ReturnType<typeof ready>).courtesy };
    expect(iconOfState(CONNECTED, ready(NOW, { courtesy }))).toBe('asleep');
  });
});
