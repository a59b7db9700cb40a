import { describe, expect, it } from 'vitest';
import type { KeptWrite } from '../../../../engine/page-store/kept-writes.ts';
import { readAfterWrites, saysNothingNew, writeMeaning } from '../../../../engine/page-store/user-writes.ts';

const write = (target: string, body: unknown): KeptWrite => ({
  target,
  user: '',
  type: null,
  body: Buffer.from(JSON.stringify(body)).toString('base64'),
  at: 5000,
});
const readAfter = (target: string, kept: unknown, ...writes: KeptWrite[]): unknown => {
  const body = readAfterWrites(target, kept === null ? null : Buffer.from(JSON.stringify(kept)), writes);
  return body === null ? null : JSON.parse(body.toString('utf8'));
};

describe('a read after writes', () => {
  it('of settings has the last value of each', () => {
    const writes = [write('/settings/A', 1), write('/settings', { A: 2, B: 3 }), write('/settings/C', null)];
    expect(readAfter('/settings', { A: 0, D: 4 }, ...writes)).toEqual({ A: 2, B: 3, C: null, D: 4 });
    expect(readAfter('/settings/A', null, ...writes)).toBe(2);
  });

  it('is left alone where nothing was written, or where the rest is not known', () => {
    expect(readAfter('/settings', { A: 0 }, write('/userdata/a.json', {}))).toBeNull();
    expect(readAfter('/settings/Z', null, write('/settings/A', 1))).toBeNull();
    expect(readAfter('/settings', null, write('/settings/A', 1))).toBeNull();
    expect(readAfter('/object_info', {}, write('/settings/A', 1))).toBeNull();
  });

  it('of a file is the file that was written last', () => {
    expect(
      readAfter('/userdata/workflows%2Fa.json', { old: 1 }, write('/userdata/workflows%2Fa.json', { new: 1 })),
    ).toEqual({
      new: 1,
    });
  });

  it.each([
    ['full_info=true&recurse=true', [{ path: 'b.json' }], ['b.json', 'sub/a.json']],
    ['full_info=true', [{ path: 'b.json' }], null],
    ['recurse=true', ['b.json'], ['b.json', 'sub/a.json']],
    ['recurse=true&split=true', [['b.json', 'b.json']], ['b.json', 'sub/a.json']],
    ['recurse=true', ['sub/a.json'], ['sub/a.json']],
  ])('of a list with %s', (query, kept, expected) => {
    const list = readAfter(`/userdata?dir=workflows&${query}`, kept, write('/userdata/workflows%2Fsub%2Fa.json', {}));
    const names = (list as unknown[] | null)?.map((entry) =>
      Array.isArray(entry) ? entry[0] : typeof entry === 'string' ? entry : (entry as { path: string }).path,
    );
    expect(names ?? null).toEqual(expected);
  });
});

describe('the meaning of a write', () => {
  it.each([
    '/userdata/..%2Fother%2Fsecret',
    '/userdata/a%252e',
    '/userdata/a/move/b',
    '/userdata/%2Fetc%2Fpasswd',
    '/userdata/',
    '/userdata/%zz',
    '/upload/image',
  ])('of %s is known to ComfyUI alone', (target) => {
    expect(writeMeaning(target, Buffer.from('1'))).toBeNull();
  });

  it('of settings that are no JSON is known to ComfyUI alone', () => {
    expect(writeMeaning('/settings/A', Buffer.from('{'))).toBeNull();
    expect(writeMeaning('/settings', Buffer.from('[1]'))).toBeNull();
  });

  it('is nothing when every value is so already', () => {
    const meaning = writeMeaning('/settings', Buffer.from('{"A":{"b":[1]}}'));
    expect(meaning).not.toBeNull();
    if (meaning === null) return;
    expect(saysNothingNew(meaning, { A: { b: [1] }, C: 2 })).toBe(true);
    expect(saysNothingNew(meaning, { A: { b: [2] } })).toBe(false);
    expect(saysNothingNew(meaning, {})).toBe(false);
  });
});
