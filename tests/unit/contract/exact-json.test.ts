import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactly, stringifyExactly } from '../../../contract/exact-json.ts';

const SEED = 18446744073709551615n;

describe('exact JSON', () => {
  it('keeps a seed beyond 2^53 digit for digit', () => {
    const text = '{"1":{"class_type":"KSampler","inputs":{"seed":18446744073709551615,"cfg":7.5}}}';
    const parsed = parseExactly(text);
    expect(parsed).toEqual({ 1: { class_type: 'KSampler', inputs: { seed: SEED, cfg: 7.5 } } });
    expect(stringifyExactly(parsed)).toBe(text);
    expect(parseExactly('[-18446744073709551615, 9007199254740993]')).toEqual([-SEED, 9007199254740993n]);
  });

  it('leaves digits in texts, fractions and what fits alone', () => {
    const text =
      '{"a":"18446744073709551615","b\\"18446744073709551615":1,"c":"\\\\","d":0.12345678901234567891,"e":1e400,"f":9007199254740991,"g":18446744073709551615}';
    const { g, ...rest } = parseExactly(text) as Record<string, unknown>;
    const { g: rounded, ...plain } = JSON.parse(text);
    expect([g, rounded]).toEqual([SEED, 18446744073709552000]);
    expect(rest).toEqual(plain);
  });

  it('refuses what JSON refuses, also beside a long number', () => {
    for (const text of ['[18446744073709551615', '["18446744073709551615]', '[018446744073709551615]', '[-]', ''])
      expect(() => parseExactly(text), text).toThrow(SyntaxError);
  });

  it('is JSON for all other values, and loses no integer (any value)', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseExactly(text)).toEqual(JSON.parse(text));
      }),
    );
    const integer = fc.bigInt().filter((each) => !Number.isSafeInteger(Number(each)));
    const leaf = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), integer, fc.constant(null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('tree')), fc.dictionary(fc.string(), tie('tree'))),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const text = stringifyExactly(value);
        expect(stringifyExactly(parseExactly(text))).toBe(text);
      }),
    );
  });
});
