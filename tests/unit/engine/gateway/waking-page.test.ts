import { describe, expect, it } from 'vitest';
import type { SupervisorState } from '../../../../contract/supervisor-state.ts';
import { wakingSnapshot } from '../../../../engine/gateway/waking-page.ts';

const error = {
  code: 'crashed',
  message: 'ComfyUI was killed.',
  exitCode: null,
  signal: 'SIGKILL',
  suspect: null,
  offerWithoutCustomNodes: false,
  logTail: ['last'],
};

describe('what the waking page knows before its first event', () => {
  it('the phase and how long it has taken', () => {
    const state: SupervisorState = {
      kind: 'starting',
      attempt: 2,
      since: 10_000,
      reason: 'request',
      phase: 'customNodes',
      detail: 'ComfyUI-Impact-Pack',
    };
    expect(wakingSnapshot(state, 13, 14_500)).toEqual({
      state: 'starting',
      boot: {
        phase: 'customNodes',
        detail: 'ComfyUI-Impact-Pack',
        elapsedSeconds: 4.5,
        expectedSeconds: 13,
        attempt: 2,
      },
      retryAt: null,
      error: null,
    });
  });

  it('when it is tried again, and why', () => {
    const state: SupervisorState = { kind: 'backingOff', attempt: 2, retryAt: 20_000, since: 0, error };
    expect(wakingSnapshot(state, null, 0)).toEqual({
      state: 'backingOff',
      boot: null,
      retryAt: '1970-01-01T00:00:20.000Z',
      error,
    });
  });

  it('nothing but that it sleeps', () => {
    expect(wakingSnapshot({ kind: 'stopped', since: 0, reason: 'idle' }, 13, 1)).toEqual({
      state: 'stopped',
      boot: null,
      retryAt: null,
      error: null,
    });
  });
});
