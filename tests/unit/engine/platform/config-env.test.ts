import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findConfigEnv, parseConfigEnv, readConfigEnv } from '../../../../engine/platform/config-env.ts';

const valuesOf = (text: string) => parseConfigEnv(text).values;

describe('parseConfigEnv', () => {
  test.each([
    ['plain', 'MANAGER_PORT=9000', '9000'],
    ['spaces around the equal sign', 'MANAGER_PORT = 9000 ', '9000'],
    ['export before the name', 'export MANAGER_PORT=9000', '9000'],
    ['a comment after the value', 'MANAGER_PORT=9000 # public', '9000'],
    ['a hash inside a word', 'MANAGER_PORT=a#b', 'a#b'],
    ['an empty value', 'MANAGER_PORT=', ''],
    ['an empty value with a comment', 'MANAGER_PORT= # later', ''],
    ['single quotes', "MANAGER_PORT='C:\\new folder\\python.exe # x'", 'C:\\new folder\\python.exe # x'],
    ['double quotes', 'MANAGER_PORT="a b # c" # d', 'a b # c'],
    ['escapes in double quotes', 'MANAGER_PORT="a\\nb\\"c\\\\d"', 'a\nb"c\\d'],
    ['a backslash that escapes nothing', 'MANAGER_PORT="C:\\ComfyUI"', 'C:\\ComfyUI'],
    ['an equal sign in the value', 'MANAGER_PORT=--a=b', '--a=b'],
    ['a dollar sign, not expanded', 'MANAGER_PORT=$HOME/x', '$HOME/x'],
    ['a byte order mark', '\uFEFFMANAGER_PORT=9000', '9000'],
    ['the last of two', 'MANAGER_PORT=1\nMANAGER_PORT=2', '2'],
  ])('reads %s', (_, text, value) => {
    expect(parseConfigEnv(text)).toEqual({ values: { MANAGER_PORT: value }, problems: [] });
  });

  test('reads a file written on Windows', () => {
    expect(valuesOf('# Stoker\r\nA=1\r\n\r\nB="2"\r\n')).toEqual({ A: '1', B: '2' });
  });

  test('names the line it does not understand and reads the others', () => {
    expect(parseConfigEnv('A=1\nhello there\nB="open\nC=3')).toEqual({
      values: { A: '1', C: '3' },
      problems: ['line 2 is not NAME=value', 'line 3 (B) has a quote that does not close'],
    });
  });

  test('holds a name that objects know of themselves', () => {
    expect(Object.entries(valuesOf('__proto__=x'))).toEqual([['__proto__', 'x']]);
  });

  test('gives back every value that was written in double quotes', () => {
    const quoted = (value: string) =>
      `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(valuesOf(`NAME=${quoted(value)}`)).toEqual({ NAME: value });
      }),
    );
  });

  test('throws at no text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseConfigEnv(text)));
  });
});

describe('the file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stoker-config-env-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('of the data folder goes before the one of the working folder', () => {
    const data = join(folder, 'data');
    const working = join(folder, 'working');
    for (const parent of [data, working]) mkdirSync(parent);
    expect(findConfigEnv(data, working)).toBeNull();
    writeFileSync(join(working, 'config.env'), 'A=1');
    expect(findConfigEnv(data, working)).toBe(join(working, 'config.env'));
    writeFileSync(join(data, 'config.env'), 'A=2');
    expect(findConfigEnv(data, working)).toBe(join(data, 'config.env'));
  });

  test('that cannot be read is a problem in words', () => {
    const { values, problems } = readConfigEnv(folder);
    expect(values).toEqual({});
    expect(problems).toEqual([expect.stringContaining(`${folder} cannot be read, so nothing in it is used`)]);
  });

  test('with a bad line names the file and the line', () => {
    const file = join(folder, 'config.env');
    writeFileSync(file, 'nonsense\n');
    expect(readConfigEnv(file).problems).toEqual([`${file}: line 1 is not NAME=value; it is ignored.`]);
  });
});
