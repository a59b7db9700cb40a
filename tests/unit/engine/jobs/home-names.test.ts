import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anotherName, placeOfResult } from '../../../../engine/jobs/home-names.ts';

const facts = {
  jobId: '1f3a9c2e-0000-4000-8000-000000000000',
  n: 0,
  startedAt: new Date(2026, 10, 21, 23, 59).getTime(),
};
const nameOf = (filename: string): string => placeOfResult({ ...facts, filename }).filename;

describe('the name of a result at home', () => {
  it('is one that a person knows again, by day', () => {
    expect(placeOfResult({ ...facts, filename: 'portrait_00001_.png' })).toEqual({
      subfolder: 'stoker/2026-11-21',
      filename: 'portrait_1f3a9c2e_1.png',
    });
    expect(nameOf('Füße im Sand.WEBP')).toBe('Füße im Sand_1f3a9c2e_1.webp');
  });

  it.each([
    ['../../../etc/passwd', 'passwd_1f3a9c2e_1.bin'],
    ['..\\..\\start.bat', 'start_1f3a9c2e_1.bin'],
    ['..', 'result_1f3a9c2e_1.bin'],
    ['', 'result_1f3a9c2e_1.bin'],
    ['CON.a.png', 'CON_a_1f3a9c2e_1.png'],
    ['.htaccess', 'result_1f3a9c2e_1.bin'],
    ['a\0b\n.png', 'a_b_1f3a9c2e_1.png'],
    ['-rf.png', 'rf_1f3a9c2e_1.png'],
  ])('%j does no harm', (told, name) => {
    expect(nameOf(told)).toBe(name);
  });

  it('never leaves its folder and always fits, whatever the worker says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (told) => {
        const name = nameOf(told);
        expect(name).toMatch(/^[\p{L}\p{N} _()+-]+\.[a-z0-9]+$/u);
        expect(Buffer.byteLength(name)).toBeLessThan(240);
      }),
    );
  });

  it('gets a number when it is taken', () => {
    expect(anotherName('a_1f3a9c2e_1.png', 2)).toBe('a_1f3a9c2e_1 (2).png');
  });
});
