/** Every situation of the tray with a status that leads to it, for the table tests of icon, tooltip and menu. */
import { NO_COURTESY } from '../../../../contract/courtesy.ts';
import type { Status } from '../../../../contract/status.ts';
import type { EngineState } from '../../../../electron/engine/engine-link.ts';
import type { Situation } from '../../../../electron/tray/situation.ts';
import {
  asleep,
  backingOff,
  failed,
  ready,
  stopping,
  unconfigured,
  waking,
  working,
} from '../../../support/dashboard-fixtures.ts';

export const NOW = Date.parse('2026-11-21T13:00:00Z');
export const clock = (epochMs: number): string => new Date(epochMs).toISOString().slice(11, 16);

export const CONNECTED: EngineState = { kind: 'connected', url: 'http://127.0.0.1:8188', ours: true };

export interface Scene {
  readonly engine: EngineState;
  readonly status: Status | null;
}

const connected = (status: Status): Scene => ({ engine: CONNECTED, status });
const since = new Date(NOW).toISOString();

export const SCENES: Record<Situation, Scene> = {
  engineStarting: { engine: { kind: 'starting' }, status: null },
  engineRestarting: { engine: { kind: 'restarting', attempt: 2, reason: 'It ended.' }, status: null },
  engineGone: { engine: { kind: 'gaveUp', reason: 'It ended five times.' }, status: null },
  ending: { engine: { kind: 'ending' }, status: asleep(NOW) },
  unconfigured: connected(unconfigured(NOW)),
  asleep: connected(asleep(NOW)),
  waking: connected(waking(NOW)),
  ready: connected(ready(NOW)),
  working: connected(working(NOW)),
  stopping: connected(stopping(NOW)),
  finishing: connected(
    working(NOW, {
      courtesy: { ...NO_COURTESY, state: 'draining', cause: 'paused', reason: 'Paused.', since, parkedPrompts: 3 },
    }),
  ),
  paused: connected(
    asleep(NOW, {
      courtesy: {
        ...NO_COURTESY,
        state: 'yielded',
        cause: 'paused',
        reason: 'Paused: the card is free.',
        since,
        parkedPrompts: 12,
      },
    }),
  ),
  lent: connected(
    asleep(NOW, {
      courtesy: {
        state: 'yielded',
        cause: 'lease',
        reason: 'The card is lent to ollama.',
        since,
        until: new Date(NOW + 600_000).toISOString(),
        parkedPrompts: 0,
        leases: [
          { id: 'l1', owner: 'ollama', reason: '', since, until: new Date(NOW + 600_000).toISOString(), granted: true },
        ],
      },
    }),
  ),
  backingOff: connected(backingOff(NOW)),
  failed: connected(failed(NOW)),
};
export const SITUATIONS = Object.keys(SCENES) as Situation[];
