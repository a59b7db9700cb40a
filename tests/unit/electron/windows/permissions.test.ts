/** Only what is listed, only for the engine's own pages. */
import { expect, test } from 'vitest';
import { mayUse } from '../../../../electron/windows/permissions.ts';

const ENGINE = 'http://127.0.0.1:8188';

test.each([
  ['comfyui', 'clipboard-read', ENGINE, true],
  ['comfyui', 'clipboard-sanitized-write', ENGINE, true],
  ['comfyui', 'fullscreen', ENGINE, true],
  ['comfyui', 'clipboard-read', 'https://example.com', false],
  ['comfyui', 'clipboard-read', 'null', false],
  ['comfyui', 'clipboard-read', null, false],
  ['dashboard', 'clipboard-sanitized-write', ENGINE, true],
  ['dashboard', 'clipboard-read', ENGINE, false],
  ['dashboard', 'fullscreen', ENGINE, false],
  [null, 'clipboard-sanitized-write', ENGINE, false],
  ...[
    'media',
    'geolocation',
    'notifications',
    'openExternal',
    'midi',
    'pointerLock',
    'display-capture',
    'hid',
    'usb',
    'serial',
    'toString',
  ].flatMap((permission) => [
    ['comfyui', permission, ENGINE, false] as const,
    ['dashboard', permission, ENGINE, false] as const,
  ]),
] as const)('%s asks for %s from %s: %s', (kind, permission, origin, expected) => {
  expect(mayUse(kind, permission, origin, ENGINE)).toBe(expected);
});

test('while no engine answers, nothing is given', () => {
  expect(mayUse('comfyui', 'clipboard-read', ENGINE, null)).toBe(false);
});
