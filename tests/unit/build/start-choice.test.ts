import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../../build/start-choice.mjs');
const { chooseStart } = await import(pathToFileURL(script).href);

const desktop = { platform: 'linux', environment: { DISPLAY: ':0' } };

test.each([
  ['X11', desktop],
  ['Wayland', { platform: 'linux', environment: { WAYLAND_DISPLAY: 'wayland-0' } }],
  ['macOS', { platform: 'darwin', environment: {} }],
  ['Windows', { platform: 'win32', environment: {} }],
])('on %s the tray application opens, with the words it knows', (_name, machine) => {
  const words = ['--demo', '--data-dir', '--there', '--port=0'];
  expect(chooseStart(words, machine)).toEqual({ kind: 'desktop', words });
});

test('without a display the engine alone starts, and the reason names the variables', () => {
  expect(chooseStart(['--demo'], { platform: 'linux', environment: { DISPLAY: '' } })).toMatchObject({
    kind: 'headless',
    words: ['--demo'],
    because: expect.stringContaining('DISPLAY'),
  });
});

test('what was asked for needs no reason, and its word goes no further', () => {
  expect(chooseStart(['--port', '0', '--headless'], desktop)).toEqual({
    kind: 'headless',
    words: ['--port', '0'],
    because: null,
  });
});

test.each([['--host=::'], ['--help'], ['-h'], ['status']])('%s is for the engine alone', (word) => {
  expect(chooseStart(['--demo', word], desktop)).toMatchObject({ kind: 'headless', words: ['--demo', word] });
});
