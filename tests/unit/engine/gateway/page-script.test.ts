/** The list of extensions gets one entry more, and only a list does. */
import { describe, expect, it } from 'vitest';
import { wholeAnswerFields, withEntry } from '../../../../engine/gateway/page-script.ts';

const PATH = '/extensions/stoker/stoker.js';
const added = (list: string): unknown => {
  const bytes = withEntry(Buffer.from(list), PATH);
  return bytes === null ? null : JSON.parse(bytes.toString());
};

describe('the entry', () => {
  it('comes last', () => {
    expect(added('["/extensions/core/a.js", "/extensions/ünï%20code/b.js"]')).toEqual([
      '/extensions/core/a.js',
      '/extensions/ünï%20code/b.js',
      PATH,
    ]);
    expect(added('[]')).toEqual([PATH]);
  });

  it.each(['{"a":1}', '"text"', 'null', '[1]', '["a"', '', '<html>', `["${PATH}"]`])(
    'does not come into %j',
    (list) => {
      expect(added(list)).toBe(null);
    },
  );
});

it('what would bring half an answer, none or an encoded one is not asked for', () => {
  const asked = [
    'Accept',
    '*/*',
    'ACCEPT-Encoding',
    'gzip',
    'If-None-Match',
    '"x"',
    'Cookie',
    'a',
    'Range',
    'bytes=0-1',
  ];
  expect(wholeAnswerFields(asked)).toEqual(['Accept', '*/*', 'Cookie', 'a']);
});
