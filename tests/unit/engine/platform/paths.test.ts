import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { prepareDataFolder } from '../../../../engine/platform/data-folder.ts';
import { dataPaths, findDataFolder } from '../../../../engine/platform/paths.ts';

test('the data folder is the option, else the variable, else the place of the platform', () => {
  expect(findDataFolder('here', { STOKER_DATA_DIR: '/there' })).toBe(resolve('here'));
  expect(findDataFolder(null, { STOKER_DATA_DIR: 'there' })).toBe(resolve('there'));
  expect(findDataFolder(null, { STOKER_DATA_DIR: '' })).toMatch(/stoker/i);
});

test('everything in the data folder lies in the data folder', () => {
  const { folder, ...inside } = dataPaths(resolve('/data'));
  for (const path of Object.values(inside)) {
    expect(isAbsolute(path)).toBe(true);
    expect(path.startsWith(folder)).toBe(true);
  }
  expect(new Set(Object.values(inside)).size).toBe(Object.values(inside).length);
});

test('a new data folder is for this user alone', () => {
  const parent = mkdtempSync(join(tmpdir(), 'stoker-paths-'));
  const folder = join(parent, 'deep', 'data');
  prepareDataFolder(folder);
  prepareDataFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  rmSync(parent, { recursive: true, force: true });
});
