import { describe, expect, it } from 'vitest';
import type { Status } from '../../../../contract/status.ts';
import type { Situation } from '../../../../electron/tray/situation.ts';
import { tooltipOf } from '../../../../electron/tray/tooltip.ts';
import { trayWords as german } from '../../../../strings/de/tray.ts';
import { trayWords as english } from '../../../../strings/en/tray.ts';
import {
  asleep,
  fourGpus,
  gpuReading,
  keptAwake,
  ready,
  withoutGpu,
  working,
} from '../../../support/dashboard-fixtures.ts';
import { CONNECTED, clock, NOW, SCENES, SITUATIONS } from './tray-scenes.ts';

const of = (status: Status | null, now = NOW, words = english) =>
  tooltipOf({ engine: CONNECTED, status, now, words, clock });

const EXPECTED: Record<Situation, string> = {
  engineStarting: 'Stoker is starting',
  engineRestarting: 'Stoker is starting again',
  engineGone: 'Stoker’s engine does not run',
  ending: 'Stoker: Quitting\nVRAM 1.1 of 24.0 GB, ComfyUI 0.0',
  unconfigured: 'Stoker: No ComfyUI chosen yet\nVRAM 1.1 of 24.0 GB, ComfyUI 0.0',
  asleep: 'Stoker: Asleep, the card is free\nVRAM 1.1 of 24.0 GB, ComfyUI 0.0',
  waking: 'Stoker: Waking\nVRAM 1.1 of 24.0 GB, ComfyUI 0.0\nReady in about 6 s',
  ready: 'Stoker: Ready\nVRAM 19.3 of 24.0 GB, ComfyUI 18.2\nSleeps in 5 min',
  working: 'Stoker: Working\nVRAM 19.3 of 24.0 GB, ComfyUI 18.2\n1 running, 3 waiting',
  stopping: 'Stoker: Going to sleep\nVRAM 19.3 of 24.0 GB, ComfyUI 18.2',
  finishing: 'Stoker: Finishing the running prompt\nVRAM 19.3 of 24.0 GB, ComfyUI 18.2\n3 prompts kept',
  paused: 'Stoker: Paused, the card is free\nVRAM 1.1 of 24.0 GB, ComfyUI 0.0\n12 prompts kept',
  lent: 'Stoker: The card is lent out\nVRAM 1.1 of 24.0 GB, ComfyUI 0.0\nThe card is lent to ollama. Until 13:10.',
  backingOff: 'Stoker: Crashed, starts again\nVRAM 1.1 of 24.0 GB, ComfyUI 0.0\nStarts again in 12 s',
  failed:
    'Stoker: Failed\nVRAM 1.1 of 24.0 GB, ComfyUI 0.0\nComfyUI ended with exit code 7 before it was ready, while it imported the cust…',
};

describe('the tooltip', () => {
  it.each(SITUATIONS)('tells state, VRAM, what comes next and the queue: %s', (situation) => {
    const { engine, status } = SCENES[situation];
    expect(tooltipOf({ engine, status, now: NOW, words: english, clock }).text).toBe(EXPECTED[situation]);
  });

  it.each(SITUATIONS)('fits into the 127 characters of Windows in German too: %s', (situation) => {
    const { engine, status } = SCENES[situation];
    expect(tooltipOf({ engine, status, now: NOW, words: german, clock }).text.length).toBeLessThanOrEqual(127);
  });

  it('cuts a reason, never the state or the VRAM', () => {
    expect(of({ ...asleep(NOW), state: 'failed', reason: 'x'.repeat(500) }).text).toMatch(
      /^Stoker: Failed\nVRAM .*\nx+…$/,
    );
  });

  it('says that it is a demo', () => {
    expect(of({ ...ready(NOW), engine: { ...ready(NOW).engine, demo: true } }).text).toContain('Stoker demo: Ready');
  });

  it('adds up several cards and leaves out what nobody tells', () => {
    expect(of(ready(NOW, { gpus: fourGpus() })).text).toContain('VRAM 73.0 of 148.0 GB, ComfyUI 40.6');
    expect(of(ready(NOW, { gpus: [gpuReading({ vramComfyBytes: null })] })).text).toContain('VRAM 1.1 of 24.0 GB\n');
    expect(of(ready(NOW, { gpus: [gpuReading({ vramUsedBytes: null })] })).text).not.toContain('VRAM');
    expect(of(withoutGpu(NOW)).text).not.toContain('VRAM');
  });

  it('writes numbers the German way', () => {
    expect(of(ready(NOW), NOW, german).text).toBe(
      'Stoker: Bereit\nVRAM 19,3 von 24,0 GB, ComfyUI 18,2\nSchläft in 5 min',
    );
  });
});

describe('what keeps ComfyUI awake stands where the countdown would', () => {
  it('a wish', () => {
    expect(of(keptAwake(NOW, NOW + 3_600_000)).text).toContain('Awake until 14:00');
  });

  it('a wish that has run out is not told', () => {
    expect(of(keptAwake(NOW, NOW - 1)).text).not.toContain('Awake');
  });

  it('the end of the queue', () => {
    const status = working(NOW);
    expect(of({ ...status, idle: { ...status.idle, stopWhenDone: true } }).text).toContain(
      'Sleeps when the queue is done',
    );
  });

  it('nothing, when it never sleeps', () => {
    const status = ready(NOW);
    const never = of({ ...status, idle: { ...status.idle, stopsAt: null } });
    expect(never).toEqual({ text: 'Stoker: Ready\nVRAM 19.3 of 24.0 GB, ComfyUI 18.2', changesInMs: null });
  });
});

describe('the countdown', () => {
  const stopsIn = (leftMs: number) => {
    const status = ready(NOW);
    return of({ ...status, idle: { ...status.idle, stopsAt: new Date(NOW + leftMs).toISOString() } });
  };
  const words = (leftMs: number) => stopsIn(leftMs).text.split('\n').at(-1);

  it.each([
    [7_500_000, 'Sleeps in 2 h 5 min'],
    [300_000, 'Sleeps in 5 min'],
    [240_001, 'Sleeps in 5 min'],
    [240_000, 'Sleeps in 4 min'],
    [90_001, 'Sleeps in 2 min'],
    [90_000, 'Sleeps in 90 s'],
    [1, 'Sleeps in 1 s'],
    [0, 'Sleeps in 0 s'],
    [-5000, 'Sleeps in 0 s'],
  ])('%i ms reads %s', (leftMs, expected) => {
    expect(words(leftMs)).toBe(expected);
  });

  it.each([7_499_999, 300_000, 241_000, 95_000, 90_000, 45_300, 999])(
    'names the moment it reads differently, %i ms before the end',
    (leftMs) => {
      const changesInMs = stopsIn(leftMs).changesInMs as number;
      expect(changesInMs).toBeGreaterThan(0);
      expect(words(leftMs - changesInMs + 1)).toBe(words(leftMs));
      expect(words(leftMs - changesInMs)).not.toBe(words(leftMs));
    },
  );

  it('ends: after zero nothing ticks', () => {
    expect(stopsIn(0).changesInMs).toBeNull();
  });

  it('does not run while ComfyUI sleeps or works', () => {
    expect(of(asleep(NOW)).changesInMs).toBeNull();
    expect(of(working(NOW)).changesInMs).toBeNull();
  });
});
