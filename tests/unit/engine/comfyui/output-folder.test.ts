import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SettingsSchema } from '../../../../contract/settings.ts';
import { MAX_PICTURE_BYTES, outputFolderOf, readOutputFile } from '../../../../engine/comfyui/output-folder.ts';

let root: string;
let output: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'stoker-output-')));
  output = join(root, 'output');
  mkdirSync(join(output, 'sub'), { recursive: true });
  writeFileSync(join(root, 'private.png'), 'private');
  writeFileSync(join(output, 'a.png'), 'picture');
  writeFileSync(join(output, 'sub', 'b.WEBP'), 'picture');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (filename: string, subfolder = '', type: 'output' | 'temp' = 'output') =>
  readOutputFile(output, { filename, subfolder, type });

describe('a saved picture', () => {
  test('is read from the folder and from below it', async () => {
    expect(await read('a.png')).toEqual({ contentType: 'image/png', bytes: Buffer.from('picture') });
    expect(await read('b.WEBP', 'sub')).toMatchObject({ contentType: 'image/webp' });
  });

  test.each([
    ['a path in the name', '../private.png', ''],
    ['an absolute name', '/etc/private.png', ''],
    ['a subfolder that leads out', 'private.png', '..'],
    ['an absolute subfolder', 'private.png', '/'],
    ['a way out and in again', 'private.png', 'sub/../..'],
    ['a byte that ends names', 'a.png\0', ''],
    ['what is no picture', 'a.svg', ''],
    ['what is not there', 'none.png', ''],
    ['a folder', 'folder.png', ''],
  ])('is refused for %s', async (_words, filename, subfolder) => {
    mkdirSync(join(output, 'folder.png'));
    writeFileSync(join(output, 'a.svg'), '<svg/>');
    expect(await read(filename, subfolder)).toBeNull();
  });

  test('is refused when a link leads out of the folder', async () => {
    symlinkSync(join(root, 'private.png'), join(output, 'link.png'));
    symlinkSync(root, join(output, 'up'));
    expect(await read('link.png')).toBeNull();
    expect(await read('private.png', 'up')).toBeNull();
  });

  test('is read when the whole folder lies elsewhere', async () => {
    symlinkSync(output, join(root, 'linked'));
    expect(
      await readOutputFile(join(root, 'linked'), { filename: 'a.png', subfolder: '', type: 'output' }),
    ).not.toBeNull();
  });

  test('is refused when it is not a saved one, or too large', async () => {
    expect(await read('a.png', '', 'temp')).toBeNull();
    writeFileSync(join(output, 'large.png'), Buffer.alloc(MAX_PICTURE_BYTES + 1));
    expect(await read('large.png')).toBeNull();
  });
});

describe('where an installation saves to', () => {
  const of = (installation: object) => outputFolderOf(SettingsSchema.parse({ installation }).installation);

  test.each<[string, object, string | null]>([
    ['below its folder', { folder: '/comfy' }, '/comfy/output'],
    ['where the setting says', { folder: '/comfy', outputDirectory: '/pictures' }, '/pictures'],
    ['unknown with an argument that moves it', { folder: '/comfy', arguments: ['--base-directory', '/b'] }, null],
    [
      'where the setting says, whatever the base',
      { outputDirectory: '/pictures', arguments: ['--base-directory=/b'] },
      '/pictures',
    ],
    [
      'unknown with an argument after the setting',
      { outputDirectory: '/p', arguments: ['--output-directory', '/o'] },
      null,
    ],
    ['unknown with a command of the user', { commandLine: 'python main.py' }, null],
    [
      'where the setting says, with such a command too',
      { commandLine: 'x', outputDirectory: '/pictures' },
      '/pictures',
    ],
    ['nowhere', {}, null],
  ])('%s', (_words, installation, expected) => {
    expect(of(installation)).toBe(expected);
  });
});
