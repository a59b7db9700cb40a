/** A download never overwrites a file, and never leaves the downloads folder. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freeName } from '../../../../electron/windows/free-name.ts';

const folder = join('/home', 'ada', 'Downloads');

test.each([
  ['picture.png', [], 'picture.png'],
  ['picture.png', ['picture.png'], 'picture (1).png'],
  ['picture.png', ['picture.png', 'picture (1).png'], 'picture (2).png'],
  ['workflow', ['workflow'], 'workflow (1)'],
  ['archive.tar.gz', ['archive.tar.gz'], 'archive.tar (1).gz'],
  ['.hidden', ['.hidden'], '.hidden (1)'],
  ['../../.bashrc', [], '.bashrc'],
  ['/etc/passwd', [], 'passwd'],
  ['', [], 'download'],
])('%s beside %j is saved as %s', (suggested, taken, expected) => {
  expect(freeName(folder, suggested, (path) => taken.includes(path.slice(folder.length + 1)))).toBe(
    join(folder, expected),
  );
});
