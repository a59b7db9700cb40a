/** The badge in words, for every state that a person can meet. */
import { afterEach, expect, it } from 'vitest';
import { NO_COURTESY } from '../../../../../../contract/courtesy.ts';
import { NO_PAGE } from '../../../../../../contract/status.ts';
import { badgeFace } from '../../../../../../engine/comfyui/extension/sleep/badge-face.ts';
import { speakAs } from '../../../../../../engine/comfyui/extension/words.ts';

type Shown = NonNullable<Parameters<typeof badgeFace>[0]>;

const page = { registerExtension: () => undefined, graphToPrompt: () => Promise.reject(new Error('no graph')) };
const inLocale = (locale: unknown, ...browser: string[]) =>
  speakAs({ ...page, extensionManager: { setting: { get: () => locale } } }, browser);
afterEach(() => inLocale('en'));

const IDLE = {
  idleSeconds: 0,
  timeoutSeconds: 600,
  freesAt: null,
  stopsAt: null,
  freed: false,
  blockedBy: [],
  keepAwakeUntil: null,
  stopWhenDone: false,
};
const status = (changes: Partial<Shown>): Shown => ({
  state: 'stopped',
  reason: 'Because.',
  boot: null,
  idle: IDLE,
  courtesy: NO_COURTESY,
  error: null,
  page: NO_PAGE,
  ...changes,
});
const starting = (expectedSeconds: number | null) =>
  status({
    state: 'starting',
    boot: { phase: 'customNodes', detail: null, elapsedSeconds: 4.5, expectedSeconds, attempt: 1 },
  });
const lent = (changes: Partial<Shown['courtesy']>, state: Shown['state'] = 'stopped') =>
  status({ state, courtesy: { ...NO_COURTESY, state: 'yielded', reason: 'Somebody has it.', ...changes } });
const lease = {
  id: '1',
  owner: 'blender',
  reason: '',
  since: '2026-01-01T00:00:00Z',
  until: '2026-01-01T01:00:00Z',
  granted: true,
};
const failure = {
  code: 'crashed',
  message: 'It ended with code 3.',
  exitCode: 3,
  signal: null,
  suspect: null,
  offerWithoutCustomNodes: false,
  logTail: [],
};

it.each([
  ['asleep', status({}), 'Asleep'],
  ['waking', starting(12), 'Waking: custom nodes, 6 s left'],
  ['waking', starting(5), 'Waking: custom nodes, longer than usual (6 s)'],
  ['waking', starting(null), 'Waking: custom nodes, 6 s so far'],
  ['ready', status({ state: 'running' }), 'Ready'],
  ['lent', lent({ cause: 'lease', leases: [lease] }), 'Card lent to blender'],
  ['lent', lent({ cause: 'lease', leases: [lease], parkedPrompts: 1 }), 'Card lent to blender, 1 prompt kept'],
  ['lent', lent({ cause: 'foreignVram' }), 'Card lent'],
  ['lent', lent({ cause: 'paused', parkedPrompts: 2 }), 'Paused, card free, 2 prompts kept'],
  ['ready', lent({ state: 'draining', cause: 'lease' }, 'running'), 'Ready, card lent after this'],
  ['asleep', status({ state: 'stopping' }), 'Falling asleep'],
  ['trouble', status({ state: 'backingOff', error: failure }), 'Crashed, starts again'],
  ['trouble', status({ state: 'failed', error: failure }), 'Failed to start'],
  ['trouble', null, 'Stoker is silent'],
] as const)('%s, in words: %#', (mark, shown, text) => {
  // A second and a half after the status came.
  expect(badgeFace(shown, 1.5)).toMatchObject({ mark, text });
});

it('what went wrong is told to who points at it, and what waits to be saved', () => {
  expect(badgeFace(status({ state: 'failed', error: failure }), 0).more).toBe('It ended with code 3.');
  expect(badgeFace(lent({ cause: 'lease' }), 0).more).toBe('Somebody has it.');
  const kept = status({ page: { ...NO_PAGE, writesKept: 2 } });
  expect(badgeFace(kept, 0).more).toMatch(/press Run\. 2 changes wait until it wakes\.$/);
});

it('awake by wish names the hour as the page writes it', () => {
  const until = new Date(2026, 10, 21, 17, 40).toISOString();
  const awake = status({ state: 'running', idle: { ...IDLE, keepAwakeUntil: until } });
  inLocale('de', 'en-US', 'de-AT');
  expect(badgeFace(awake, 0).text).toBe('Bereit, bleibt wach bis 17:40');
  inLocale('en', 'en-GB');
  expect(badgeFace(awake, 0).text).toBe('Ready, kept awake until 17:40');
  inLocale('en', 'en-US');
  expect(badgeFace(awake, 0).text).toMatch(/^Ready, kept awake until 05:40.PM$/);
});

it('a page that does not tell its language is read in that of the browser', () => {
  inLocale(undefined, 'en-GB');
  expect(badgeFace(status({}), 0).text).toBe('Asleep');
  speakAs(page, ['de-AT', 'en']);
  expect(badgeFace(status({}), 0).text).toBe('Schläft');
  inLocale('fr', 'de');
  expect(badgeFace(status({}), 0).text).toBe('Asleep');
});
