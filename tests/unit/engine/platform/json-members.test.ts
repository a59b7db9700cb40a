import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonMembers, withMembers } from '../../../../engine/platform/json-members.ts';

describe('the members of a JSON text', () => {
  it('are found with their names and values, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (object, indent) => {
        const text = JSON.stringify(object, null, indent);
        const found = (jsonMembers(text) ?? []).map(({ name, valueStart, end }) => [
          name,
          JSON.parse(text.slice(valueStart, end)),
        ]);
        expect(found).toEqual(Object.entries(JSON.parse(text)));
      }),
    );
  });

  it('are null for what is no object', () => {
    for (const text of ['[1]', '"a"', '1', 'null']) expect(jsonMembers(text)).toBeNull();
  });

  it('change without touching the others: a seed keeps every digit', () => {
    const text =
      '{ "prompt": {"1": {"inputs": {"seed": 18446744073709551615}}} , "front" : true,\n"client_id":"a}\\"" }';
    expect(withMembers(text, { prompt_id: 'p' }, ['front'])).toBe(
      '{"prompt_id":"p","prompt": {"1": {"inputs": {"seed": 18446744073709551615}}},"client_id":"a}\\""}',
    );
  });

  it('replace every earlier one of their name', () => {
    const text = '{"a":1,"b":2,"a":3}';
    expect(withMembers(text, { a: 4 })).toBe('{"a":4,"b":2}');
  });
});
