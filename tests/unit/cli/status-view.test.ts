import { describe, expect, test } from 'vitest';
import { statusLines } from '../../../cli/status-view.ts';
import type { Status } from '../../../contract/status.ts';
import { exampleStatus } from '../../support/fake-engine.ts';

const now = Date.parse('2026-11-21T06:10:00.000Z');
const GB = 2 ** 30;
const view = (changes: Partial<Status>) => statusLines(exampleStatus(changes), now, (_, text) => text);
const { idle, queue } = exampleStatus();
const row = (lines: readonly string[], label: string) => lines.find((line) => line.startsWith(label));

const RUNNING = { state: 'running', reason: 'Running because a request needed it.', pid: 42, port: 5000 } as const;

test('a running ComfyUI on a card, whole', () => {
  const lines = view({
    ...RUNNING,
    idle: { ...idle, stopsAt: '2026-11-21T06:14:12.000Z' },
    queue: {
      ...queue,
      running: 1,
      pending: 3,
      current: { promptId: 'p', node: '12', nodeType: 'KSampler', value: 7, max: 20, nodesDone: 4, nodesTotal: 9 },
    },
    gpus: [
      {
        id: 'u',
        index: 0,
        name: 'NVIDIA GeForce RTX 4090',
        vendor: 'nvidia',
        vramTotalBytes: 24 * GB,
        vramUsedBytes: 12.3 * GB,
        vramComfyBytes: 11.8 * GB,
        utilizationPercent: 87,
        temperatureCelsius: 65,
        powerWatts: 320.4,
      },
    ],
    gateway: { url: 'http://127.0.0.1:8188', heldRequests: 1, sockets: 2 },
  });
  expect(lines).toEqual([
    'ComfyUI  running for 10 min, pid 42, private port 5000, version 0.3.64',
    '         Running because a request needed it.',
    'Idle     sleeps in 4 min 12 s',
    'Queue    1 running, 3 waiting; 4 of 9 nodes done, in KSampler 7/20',
    'GPU      NVIDIA GeForce RTX 4090, VRAM 12.3 of 24.0 GB (ComfyUI 11.8), 87 %, 65 °C, 320 W',
    'Address  http://127.0.0.1:8188, 2 sockets open, 1 request held',
    'Engine   Stoker 0.1.0, pid 99, up 10 min, data in /data',
  ]);
});

test('a failure shows the suspect, the way out and the last log lines', () => {
  const lines = view({
    state: 'failed',
    reason: 'ComfyUI ended with exit code 1.',
    error: {
      code: 'exited_early',
      message: 'ComfyUI ended with exit code 1.',
      exitCode: 1,
      signal: null,
      suspect: 'lab_broken',
      offerWithoutCustomNodes: true,
      logTail: Array.from({ length: 20 }, (_, index) => `line ${index}`),
    },
  });
  expect(lines.slice(0, 5)).toEqual([
    'ComfyUI  failed for 10 min, version 0.3.64',
    '         ComfyUI ended with exit code 1.',
    '         suspect: lab_broken',
    '         try "stoker start --without-custom-nodes"',
    '         | line 12',
  ]);
});

test('a start shows its phase against the learnt time', () => {
  const boot = { phase: 'torch', detail: null, elapsedSeconds: 4, expectedSeconds: 20, attempt: 2 } as const;
  expect(view({ state: 'starting', boot })[2]).toBe('         loading torch, 4 s of about 20 s, try 2');
});

test('a crash shows when the next try is', () => {
  expect(view({ state: 'backingOff', retryAt: '2026-11-21T06:10:08.000Z' })[2]).toBe('         next try in 8 s');
});

test('without a ComfyUI it says what to do', () => {
  const installation = { configured: false, label: null, comfyuiVersion: null };
  expect(view({ installation }).join('\n')).toContain('choose its folder on the settings page');
});

describe('the idle row', () => {
  test.each<[string, Partial<Status['idle']>, string]>([
    ['work', { blockedBy: ['running', 'pending'] }, 'awake: a prompt runs, prompts wait'],
    ['idle stop off', { timeoutSeconds: 0 }, 'never sleeps by itself (idle.stopAfterSeconds is 0)'],
    ['stop when done', { stopWhenDone: true, blockedBy: ['running'] }, 'stops when the queue is done'],
    ['freed VRAM', { stopsAt: '2026-11-21T06:10:30.000Z', freed: true }, 'sleeps in 30 s, VRAM is freed'],
    ['nothing known', {}, 'sleeps after 5 min without work'],
  ])('with %s', (_, changes, words) => {
    expect(row(view({ ...RUNNING, idle: { ...idle, ...changes } }), 'Idle')).toBe(`Idle     ${words}`);
  });

  test('kept awake tells until when', () => {
    const lines = view({ ...RUNNING, idle: { ...idle, keepAwakeUntil: '2026-11-21T08:00:00.000Z' } });
    expect(row(lines, 'Idle')).toMatch(/kept awake until \d\d:\d\d$/);
  });
});

test('two cards have a row each; no card says why', () => {
  const card = {
    id: 'a',
    index: 0,
    name: 'AMD',
    vendor: 'amd',
    vramTotalBytes: null,
    vramUsedBytes: null,
    vramComfyBytes: null,
    utilizationPercent: null,
    temperatureCelsius: null,
    powerWatts: null,
  } as const;
  const lines = view({ gpus: [card, { ...card, id: 'b', index: 1 }] });
  expect([row(lines, 'GPU 0'), row(lines, 'GPU 1')]).toEqual(['GPU 0    AMD', 'GPU 1    AMD']);
  expect(row(view({}), 'GPU')).toBe('GPU      No GPU was found.');
});
