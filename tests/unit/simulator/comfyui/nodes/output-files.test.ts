import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextCounter, openSavePlace } from '../../../../../simulator/comfyui/nodes/output-files.ts';

describe('the next number of a name', () => {
  it.each([
    [[], 1],
    [['a_00001_.png', 'a_00007_.png'], 8],
    [['b_00009_.png', 'a_00002_.jpg'], 3],
    [['a_x_.png', 'a.png', 'ab_00005_.png'], 1],
  ])('after %j is %i', (files, number) => {
    expect(nextCounter('a', files)).toBe(number);
  });
});

describe('a place to save', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stoker-save-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (prefix: string) =>
    openSavePlace({ folder, type: 'output', prefix, width: 64, height: 32, now: new Date(2026, 10, 5, 7, 8, 9) });

  it('counts on from what lies there', async () => {
    writeFileSync(join(folder, 'p_00003_.png'), '');
    const place = await open('p');
    const saved = [await place.save(Buffer.from('x'), 0), await place.save(Buffer.from('y'), 1)];
    expect(saved.map(({ filename }) => filename)).toEqual(['p_00004_.png', 'p_00005_.png']);
    expect(readdirSync(folder)).toContain('p_00005_.png');
  });

  it('makes the subfolder of its prefix', async () => {
    const saved = await (await open('a/b/c')).save(Buffer.from('x'), 0);
    expect(saved).toEqual({ filename: 'c_00001_.png', subfolder: 'a/b', type: 'output' });
  });

  it('fills in the variables of a prefix', async () => {
    const saved = await (await open('%year%-%month%-%day%_%hour%%minute%%second%_%width%x%height%_%batch_num%')).save(
      Buffer.from('x'),
      2,
    );
    expect(saved.filename).toBe('2026-11-05_070809_64x32_2_00001_.png');
  });

  it.each(['../out', 'a/../../out', '/etc/out'])('does not leave its folder for %s', async (prefix) => {
    await expect(open(prefix)).rejects.toThrow('leads out of');
  });
});
