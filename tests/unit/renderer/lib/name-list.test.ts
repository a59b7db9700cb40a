import { describe, expect, test } from 'vitest';
import { listDraftOf, listProblem, readList } from '../../../../renderer/lib/name-list.ts';

describe('a list of names', () => {
  test('no list and an empty one are two things, both ways', () => {
    for (const list of [null, [], ['a', 'sdxl/b.safetensors']]) expect(readList(listDraftOf(list))).toEqual(list);
  });

  test('is typed one a line: blanks, empty lines and repetitions do not count', () => {
    expect(readList({ complete: true, text: ' a \r\n\n b c\n\ta\n' })).toEqual(['a', 'b c']);
  });

  test('what was typed is kept out while the list is off', () => {
    expect(readList({ complete: false, text: 'a' })).toBeNull();
  });

  test('what the engine would refuse is said before it is sent', () => {
    expect(listProblem('models', ['a'])).toBeNull();
    expect(listProblem('models', null)).toBeNull();
    expect(listProblem('models', ['x'.repeat(301)])).not.toBeNull();
    expect(
      listProblem(
        'nodeTypes',
        Array.from({ length: 20_001 }, (_, n) => String(n)),
      ),
    ).not.toBeNull();
  });
});
