import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKeepAwakeStore } from '../../../../engine/idle/keep-awake-store.ts';
import { silentLog } from '../../../../engine/platform/log.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-awake-'));
  file = join(folder, 'keep-awake.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const store = () => createKeepAwakeStore({ file, log: silentLog() });

it('remembers over a restart of the engine, until told otherwise', () => {
  expect(store().load()).toBeNull();
  store().save(1_795_000_000_000);
  expect(store().load()).toBe(1_795_000_000_000);
  store().save(null);
  expect(store().load()).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
  store().save(null);
});

it.each(['', '{', '"tomorrow"', 'null', '1e300', '-1e16'])('ignores a damaged file: %j', (text) => {
  writeFileSync(file, text);
  expect(store().load()).toBeNull();
});

it('does without when the disk refuses', () => {
  mkdirSync(file);
  expect(store().load()).toBeNull();
  expect(() => store().save(5)).not.toThrow();
  expect(() => store().save(null)).not.toThrow();
});
