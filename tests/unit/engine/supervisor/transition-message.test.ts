import { describe, expect, it } from 'vitest';
import type { Failure, SupervisorState } from '../../../../contract/supervisor-state.ts';
import { transitionMessage } from '../../../../engine/supervisor/transition-message.ts';

const NOW = 100_000;
const error: Failure = {
  code: 'crashed',
  message: 'ComfyUI crashed in native code (segmentation fault).',
  exitCode: null,
  signal: 'SIGSEGV',
  suspect: null,
  offerWithoutCustomNodes: true,
  logTail: [],
};
const stopped: SupervisorState = { kind: 'stopped', since: 0, reason: 'idle' };
const starting: SupervisorState = {
  kind: 'starting',
  attempt: 1,
  since: NOW - 12_340,
  reason: 'request',
  phase: 'launching',
  detail: null,
};
const running: SupervisorState = {
  kind: 'running',
  pid: 1,
  port: 2,
  since: NOW,
  reason: 'request',
  withoutCustomNodes: false,
};
const stopping: SupervisorState = { kind: 'stopping', reason: 'idle', since: NOW, deadline: NOW };

describe('transitionMessage', () => {
  it.each<[SupervisorState, SupervisorState, string]>([
    [stopped, starting, 'Waking ComfyUI for a request.'],
    [stopped, { ...starting, reason: 'crashRecovery', attempt: 3 }, 'Starting ComfyUI again after a crash (try 3).'],
    [starting, { ...starting, phase: 'torch' }, 'ComfyUI: PyTorch is loading.'],
    [
      starting,
      { ...starting, phase: 'customNodes', detail: 'ComfyUI-Manager' },
      'ComfyUI: custom nodes are being imported (ComfyUI-Manager).',
    ],
    [starting, running, 'ComfyUI is ready after 12.3 s.'],
    [starting, { ...running, withoutCustomNodes: true }, 'ComfyUI is ready without custom nodes after 12.3 s.'],
    [stopped, { ...running, reason: 'adopted' }, 'Took over the ComfyUI that an earlier Stoker had started.'],
    [running, stopping, 'Putting ComfyUI to sleep: nothing needs it.'],
    [stopping, stopped, 'ComfyUI sleeps; the card is free.'],
    [running, { ...stopped, reason: 'exited' }, 'ComfyUI ended by itself.'],
    [stopping, { ...stopped, reason: 'startCancelled' }, 'The start of ComfyUI was called off.'],
    [
      running,
      { kind: 'backingOff', attempt: 2, retryAt: NOW + 3_900, since: NOW, error },
      'ComfyUI crashed in native code (segmentation fault). Trying again in 4 s.',
    ],
    [running, { kind: 'failed', since: NOW, error }, 'ComfyUI crashed in native code (segmentation fault).'],
  ])('%j → %j', (from, to, message) => {
    expect(transitionMessage(from, to, NOW)).toBe(message);
  });
});
