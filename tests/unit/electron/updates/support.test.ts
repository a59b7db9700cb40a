import { describe, expect, it } from 'vitest';
import { plainNotes } from '../../../../electron/updates/release-notes.ts';
import { type Surroundings, unsupportedBecause } from '../../../../electron/updates/support.ts';

describe('which copies renew themselves', () => {
  const installed: Surroundings = { isPackaged: true, platform: 'win32', environment: {}, knowsAddress: true };

  it.each<[string, Partial<Surroundings>, string | null]>([
    ['installed on Windows', {}, null],
    ['on a Mac', { platform: 'darwin' }, null],
    ['an AppImage', { platform: 'linux', environment: { APPIMAGE: '/home/mira/Stoker.AppImage' } }, null],
    ['a Debian package', { platform: 'linux' }, 'packageManager'],
    ['the portable .exe', { environment: { PORTABLE_EXECUTABLE_FILE: 'D:\\Stoker.exe' } }, 'portable'],
    ['built without an address', { knowsAddress: false }, 'noAddress'],
    ['from a checkout', { isPackaged: false, platform: 'linux' }, 'development'],
  ])('%s', (_, changes, reason) => {
    expect(unsupportedBecause({ ...installed, ...changes })).toBe(reason);
  });
});

describe('release notes are plain text', () => {
  it.each([
    [null, ''],
    ['Faster.\n\nSmaller.', 'Faster.\n\nSmaller.'],
    [
      '<h2>0.2.0</h2><ul>\n<li>Faster</li>\n<li>A &lt;b&gt; &amp;amp; c</li></ul>',
      '0.2.0\n\n• Faster\n\n• A <b> &amp; c',
    ],
    ['<p>One<br/>two</p><script>alert(1)</script>', 'One\ntwo'],
    [
      [
        { version: '0.3.0', note: '<p>New</p>' },
        { version: '0.2.0', note: null },
      ],
      '0.3.0\nNew\n\n0.2.0\n',
    ],
  ])('%j', (notes, text) => {
    expect(plainNotes(notes)).toBe(text);
  });

  it('are not endless', () => {
    expect(plainNotes('x'.repeat(50_000)).length).toBe(10_001);
  });
});
