import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonJson, pythonRepr, pythonText } from '../../../../../simulator/comfyui/http/python-json.ts';

describe('pythonJson', () => {
  it('sets blanks as json.dumps does', () => {
    expect(pythonJson({ a: [1, 2, { b: null }], c: 'x' })).toBe('{"a": [1, 2, {"b": null}], "c": "x"}');
  });

  it('escapes everything beyond ASCII', () => {
    expect(pythonJson('ä€😀\u007f')).toBe('"\\u00e4\\u20ac\\ud83d\\ude00\\u007f"');
  });

  it('leaves out what is undefined', () => {
    expect(pythonJson({ a: undefined, b: 1 })).toBe('{"b": 1}');
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(pythonJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('pythonRepr', () => {
  it.each([
    [null, 'None'],
    [true, 'True'],
    [1.5, '1.5'],
    ["it's", '"it\'s"'],
    ['plain', "'plain'"],
    [['a', 1], "['a', 1]"],
    [{ a: [] }, "{'a': []}"],
  ])('of %j is %s', (value, text) => {
    expect(pythonRepr(value)).toBe(text);
  });

  it('leaves a bare string to pythonText', () => {
    expect([pythonText('a'), pythonText(['a'])]).toEqual(['a', "['a']"]);
  });
});
