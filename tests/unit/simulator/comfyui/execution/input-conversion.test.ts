import { describe, expect, it } from 'vitest';
import { convertValue } from '../../../../../simulator/comfyui/execution/input-conversion.ts';

describe('a value becomes', () => {
  it.each([
    ['INT', '64', 64],
    ['INT', ' -3 ', -3],
    ['INT', 5.7, 5],
    ['INT', true, 1],
    ['FLOAT', '1e2', 100],
    ['FLOAT', 2, 2],
    ['STRING', 5, '5'],
    ['STRING', null, 'None'],
    ['BOOLEAN', '', false],
    ['BOOLEAN', 'false', true],
    ['BOOLEAN', [], false],
    ['IMAGE', 'anything', 'anything'],
  ])('%s from %j: %j', (type, value, converted) => {
    expect(convertValue(type, value)).toBe(converted);
  });

  it('nothing else when it is one of a list', () => {
    expect(convertValue(['a', 'b'], 'c')).toBe('c');
  });
});

describe('a value cannot become', () => {
  it.each([
    ['INT', 'abc', "invalid literal for int() with base 10: 'abc'"],
    ['INT', '1.5', "invalid literal for int() with base 10: '1.5'"],
    ['FLOAT', 'abc', "could not convert string to float: 'abc'"],
    ['INT', null, "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"],
    ['FLOAT', {}, "float() argument must be a string or a real number, not 'dict'"],
  ])('%s from %j', (type, value, message) => {
    expect(() => convertValue(type, value)).toThrow(message);
  });
});
