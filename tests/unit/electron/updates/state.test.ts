import { describe, expect, it } from 'vitest';
import type { UpdateState } from '../../../../contract/desktop.ts';
import type { EngineState } from '../../../../electron/engine/engine-link.ts';
import { nextUpdateState, type UpdateEvent, waitsForWork } from '../../../../electron/updates/state.ts';
import { asleep, ready, waking, working } from '../../../support/dashboard-fixtures.ts';

const NOW = Date.parse('2026-11-21T13:00:00Z');
const IDLE: UpdateState = { kind: 'idle', checkedAt: null };
const CHECKING: UpdateState = { kind: 'checking' };
const DOWNLOADING: UpdateState = { kind: 'downloading', version: '0.2.0', percent: 40 };
const READY: UpdateState = { kind: 'ready', version: '0.2.0', notes: 'New.', waitsForWork: false };
const FAILED: UpdateState = { kind: 'failed', message: 'No network.' };
const UNSUPPORTED: UpdateState = { kind: 'unsupported', reason: 'A package.' };

describe('an update', () => {
  it.each<[UpdateState, UpdateEvent, UpdateState]>([
    [IDLE, { kind: 'checking' }, CHECKING],
    [FAILED, { kind: 'checking' }, CHECKING],
    [CHECKING, { kind: 'nothingNewer', at: NOW }, { kind: 'idle', checkedAt: NOW }],
    [CHECKING, { kind: 'found', version: '0.2.0' }, { kind: 'downloading', version: '0.2.0', percent: 0 }],
    [CHECKING, { kind: 'failed', message: 'No network.' }, FAILED],
    [DOWNLOADING, { kind: 'progress', percent: 41.7 }, { ...DOWNLOADING, percent: 42 }],
    [
      DOWNLOADING,
      { kind: 'downloaded', version: '0.2.0', notes: 'New.', waitsForWork: true },
      { ...READY, waitsForWork: true },
    ],
    [DOWNLOADING, { kind: 'failed', message: 'No network.' }, FAILED],
    [READY, { kind: 'found', version: '0.3.0' }, { kind: 'downloading', version: '0.3.0', percent: 0 }],
    [READY, { kind: 'work', waitsForWork: true }, { ...READY, waitsForWork: true }],
  ])('%j and %j', (state, event, next) => {
    expect(nextUpdateState(state, event)).toEqual(next);
  });

  it.each<[UpdateState, UpdateEvent]>([
    [DOWNLOADING, { kind: 'progress', percent: 40.2 }],
    [DOWNLOADING, { kind: 'checking' }],
    [IDLE, { kind: 'progress', percent: 4 }],
    [IDLE, { kind: 'work', waitsForWork: true }],
    [READY, { kind: 'checking' }],
    [READY, { kind: 'found', version: '0.2.0' }],
    [READY, { kind: 'nothingNewer', at: NOW }],
    [READY, { kind: 'failed', message: 'No network.' }],
    [READY, { kind: 'work', waitsForWork: false }],
    [UNSUPPORTED, { kind: 'checking' }],
    [UNSUPPORTED, { kind: 'found', version: '0.2.0' }],
  ])('%j is not moved by %j', (state, event) => {
    expect(nextUpdateState(state, event)).toBe(state);
  });
});

describe('installing waits while ComfyUI has work, or nobody knows', () => {
  const connected: EngineState = { kind: 'connected', url: 'http://127.0.0.1:8188', ours: true };
  const restarting: EngineState = { kind: 'restarting', attempt: 1, reason: 'It ended.' };

  it.each([
    ['asleep', connected, asleep(NOW), false],
    ['ready', connected, ready(NOW), false],
    ['working', connected, working(NOW), true],
    ['waking for a request', connected, waking(NOW), true],
    ['not heard yet', connected, null, true],
    ['engine restarts', restarting, null, true],
    ['engine was given up', { kind: 'gaveUp', reason: '' } as EngineState, null, false],
  ] as const)('%s: %s', (_, engine, status, waits) => {
    expect(waitsForWork(engine, status)).toBe(waits);
  });
});
