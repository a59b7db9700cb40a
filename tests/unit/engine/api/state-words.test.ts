import { describe, expect, it } from 'vitest';
import { START_REASONS, STOP_REASONS, type SupervisorState } from '../../../../contract/supervisor-state.ts';
import { stateReason, stateReasonCode } from '../../../../engine/api/state-words.ts';

const failure = {
  code: 'gave_up',
  message: 'ComfyUI crashed 5 times in 10 minutes.',
  exitCode: 1,
  signal: null,
  suspect: null,
  offerWithoutCustomNodes: true,
  logTail: [],
};

describe('the reason of a state', () => {
  it.each(STOP_REASONS)('is a sentence for stopped(%s)', (reason) => {
    expect(stateReason({ kind: 'stopped', since: 0, reason })).toMatch(/^[A-Z].*\.$/);
  });

  it.each(START_REASONS)('is a sentence for starting and running(%s)', (reason) => {
    const starting: SupervisorState = { kind: 'starting', attempt: 1, since: 0, reason, phase: 'torch', detail: null };
    const running: SupervisorState = { kind: 'running', pid: 2, port: 3, since: 0, reason, withoutCustomNodes: false };
    expect(stateReason(starting)).toMatch(/^Starting because .*\.$/);
    expect(stateReason(running)).toMatch(/^Running because .*\.$/);
  });

  it('tells which try it is after a crash', () => {
    const state: SupervisorState = {
      kind: 'starting',
      attempt: 3,
      since: 0,
      reason: 'crashRecovery',
      phase: 'launching',
      detail: null,
    };
    expect(stateReason(state)).toBe('Starting again (try 3) because it had crashed.');
  });

  it('says that custom nodes are off', () => {
    const state: SupervisorState = {
      kind: 'running',
      pid: 2,
      port: 3,
      since: 0,
      reason: 'user',
      withoutCustomNodes: true,
    };
    expect(stateReason(state)).toContain('without custom nodes');
  });

  it('is the failure in its own words, and its code, when it failed', () => {
    const state: SupervisorState = { kind: 'failed', since: 0, error: failure };
    expect(stateReason(state)).toBe(failure.message);
    expect(stateReasonCode(state)).toBe('gave_up');
  });
});
