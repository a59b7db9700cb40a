import { describe, expect, it } from 'vitest';
import type { PromptEnd } from '../../../../contract/events.ts';
import type { Status } from '../../../../contract/status.ts';
import type { EngineState } from '../../../../electron/engine/engine-link.ts';
import {
  engineMessage,
  isWorthTelling,
  jobsMessage,
  type StateContext,
  stateMessage,
  tellJobsAt,
} from '../../../../electron/notifications/decide.ts';
import { notificationWords as german } from '../../../../strings/de/notifications.ts';
import { notificationWords as words } from '../../../../strings/en/notifications.ts';
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
import { promptEnd } from './prompt-end.ts';

const NOW = Date.parse('2026-11-21T13:00:00Z');
const ALL = { notifications: 'all', notifyWakeAndSleep: true } as const;
const QUIET = { notifications: 'problems', notifyWakeAndSleep: true } as const;
const OFF = { notifications: 'off', notifyWakeAndSleep: true } as const;

describe('which ends of jobs are worth telling', () => {
  it.each([
    ['completed', ALL, false, true],
    ['failed', ALL, false, true],
    ['interrupted', ALL, false, false],
    ['completed', QUIET, false, false],
    ['failed', QUIET, false, true],
    ['completed', OFF, false, false],
    ['failed', OFF, false, false],
    ['completed', ALL, true, false],
    ['failed', ALL, true, false],
  ] as const)('%s with %j, ComfyUI in front: %s', (outcome, wishes, isLooking, told) => {
    expect(isWorthTelling(promptEnd({ outcome }), wishes, isLooking)).toBe(told);
  });
});

describe('when they are told', () => {
  it('a single one almost at once', () => expect(tellJobsAt(1000, 1000, true)).toBe(3000));
  it('a batch when its last has ended', () => expect(tellJobsAt(1000, 6000, true)).toBe(8000));
  it('a long queue every half minute', () => expect(tellJobsAt(1000, 20_000, false)).toBe(31_000));
  it('ends that never pause do not put it off for ever', () => expect(tellJobsAt(1000, 30_500, true)).toBe(31_000));
});

describe('what is said of jobs', () => {
  const images = (count: number): PromptEnd['images'] =>
    Array.from({ length: count }, (_, index) => ({ filename: `${index}.png`, subfolder: '', type: 'output' as const }));
  const done = (count: number, title: string | null = 'keeper') =>
    promptEnd({ images: images(count), title, seconds: 42 });
  const broken = promptEnd({
    outcome: 'failed',
    message: 'KSampler: out of memory',
    title: 'keeper',
    promptId: 'broken',
  });

  it('a click on what ran on an endpoint leads to the dashboard: ComfyUI does not list it', () => {
    const remote = promptEnd({ ...done(1), promptId: 'job-1', target: 'pod' });
    expect(jobsMessage([remote], words)).toMatchObject({ opens: 'dashboard', pictureOf: 'job-1' });
    expect(jobsMessage([remote, done(1)], words).opens).toBe('comfyui');
  });

  it.each<[string, PromptEnd[], string, string]>([
    ['one image', [done(1)], '1 image ready', 'keeper, 42 s'],
    ['a long one', [promptEnd({ ...done(1), seconds: 605 })], '1 image ready', 'keeper, 10 min'],
    ['no name, no time', [promptEnd({ images: images(2), title: null, seconds: null })], '2 images ready', ''],
    ['a job that shows nothing', [done(0)], '1 job done', 'keeper, 42 s'],
    ['a batch', [done(4), done(4), done(4)], '12 images ready', 'keeper'],
    ['several names', ['a', 'b', 'c', 'd', 'e'].map((name) => done(1, name)), '5 images ready', 'a, b, c and 2 more'],
    ['one failed', [broken], 'A job failed', 'KSampler: out of memory'],
    ['many failed', [broken, broken], '2 jobs failed', 'KSampler: out of memory'],
    [
      'both',
      [...Array.from({ length: 12 }, () => done(1)), broken],
      '12 images ready, 1 failed',
      'KSampler: out of memory',
    ],
    ['both without images', [done(0), broken], '1 job done, 1 failed', 'KSampler: out of memory'],
  ])('%s', (_, ends, title, body) => {
    expect(jobsMessage(ends, words)).toMatchObject({ title, body, subject: 'jobs' });
  });

  it('in German', () => {
    expect(jobsMessage([done(12), broken], german).title).toBe('12 Bilder fertig, 1 fehlgeschlagen');
  });

  it('the newest picture is shown; a click leads to the results, or to the reason', () => {
    const ends = [promptEnd({ ...done(1), promptId: 'p1' }), promptEnd({ ...done(1), promptId: 'p2' }), broken];
    expect(jobsMessage(ends, words)).toMatchObject({ pictureOf: 'p2', opens: 'comfyui' });
    expect(jobsMessage([broken], words)).toMatchObject({ pictureOf: null, opens: 'dashboard' });
  });
});

describe('what is said of ComfyUI itself', () => {
  const context = (changes: Partial<StateContext> = {}): StateContext => ({
    wishes: ALL,
    words,
    isLooking: false,
    crashToldAt: null,
    now: NOW,
    ...changes,
  });
  const slept = (reasonCode: string): Status => asleep(NOW, { reasonCode });

  it.each<[string, Status | null, Status, Partial<StateContext>, string | null]>([
    ['a crash', working(NOW), backingOff(NOW), {}, 'ComfyUI crashed and starts again'],
    ['the next crash of a row', waking(NOW), backingOff(NOW), { crashToldAt: NOW - 60_000 }, null],
    [
      'a crash much later',
      working(NOW),
      backingOff(NOW),
      { crashToldAt: NOW - 3_600_000 },
      'ComfyUI crashed and starts again',
    ],
    ['giving up', backingOff(NOW), failed(NOW), { crashToldAt: NOW - 1000 }, 'ComfyUI does not run'],
    ['a failed start', waking(NOW), failed(NOW), {}, 'ComfyUI does not run'],
    ['a crash in quiet mode', working(NOW), backingOff(NOW), { wishes: QUIET }, 'ComfyUI crashed and starts again'],
    [
      'a crash while one looks at it',
      working(NOW),
      backingOff(NOW),
      { isLooking: true },
      'ComfyUI crashed and starts again',
    ],
    ['a crash when nothing is wanted', working(NOW), backingOff(NOW), { wishes: OFF }, null],
    ['no ComfyUI chosen', asleep(NOW), unconfigured(NOW), {}, null],
    ['waking', waking(NOW), ready(NOW), {}, 'ComfyUI is awake'],
    ["waking before one's eyes", waking(NOW), ready(NOW), { isLooking: true }, null],
    ['falling asleep', stopping(NOW), slept('idle'), {}, 'ComfyUI sleeps'],
    ['sleeping after the queue', stopping(NOW), slept('queueDone'), {}, 'ComfyUI sleeps'],
    ['sleeping on request', stopping(NOW), slept('user'), {}, null],
    ['waking, unwanted', waking(NOW), ready(NOW), { wishes: { ...ALL, notifyWakeAndSleep: false } }, null],
    ['sleeping, unwanted', stopping(NOW), slept('idle'), { wishes: { ...ALL, notifyWakeAndSleep: false } }, null],
    ['sleeping in quiet mode', stopping(NOW), slept('idle'), { wishes: QUIET }, null],
    ['what was so when the shell came', null, failed(NOW), {}, null],
    ['nothing new', failed(NOW), failed(NOW), {}, null],
  ])('%s', (_, before, after, changes, title) => {
    expect(stateMessage(before, after, context(changes))?.title ?? null).toBe(title);
  });

  it("a crash tells the engine's reason and leads to the dashboard", () => {
    const message = stateMessage(working(NOW), backingOff(NOW), context());
    expect(message).toMatchObject({
      body: expect.stringContaining('KSampler'),
      opens: 'dashboard',
      subject: 'comfyui',
    });
  });
});

describe("what is said of Stoker's engine", () => {
  const connected: EngineState = { kind: 'connected', url: 'http://127.0.0.1:8188', ours: true };
  const restarting: EngineState = { kind: 'restarting', attempt: 5, reason: 'It ended.' };
  const gaveUp: EngineState = { kind: 'gaveUp', reason: 'It ended five times.' };

  it('only that it was given up, once', () => {
    expect(engineMessage(connected, restarting, ALL, words)).toBeNull();
    expect(engineMessage(restarting, gaveUp, QUIET, words)).toMatchObject({
      body: 'It ended five times.',
      urgent: true,
    });
    expect(engineMessage(gaveUp, gaveUp, ALL, words)).toBeNull();
    expect(engineMessage(restarting, gaveUp, OFF, words)).toBeNull();
  });
});
