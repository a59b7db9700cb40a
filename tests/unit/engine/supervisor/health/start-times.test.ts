import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../../../engine/platform/log.ts';
import { createStartTimes } from '../../../../../engine/supervisor/health/start-times.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-times-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (name = 'start-times.json') => createStartTimes({ file: join(folder, name), log: silentLog() });

describe('the learnt start times', () => {
  it('know nothing before the first start', () => {
    expect(open().expectedSeconds('/opt/ComfyUI')).toBeNull();
  });

  it('expect the median, so that one slow start does not count', () => {
    const times = open();
    for (const seconds of [12, 13, 90]) times.remember('/opt/ComfyUI', seconds);
    expect(times.expectedSeconds('/opt/ComfyUI')).toBe(13);
    times.remember('/opt/ComfyUI', 14);
    expect(times.expectedSeconds('/opt/ComfyUI')).toBe(13.5);
  });

  it('forget what is long ago', () => {
    const times = open();
    for (const seconds of [90, 90, 90, 5, 5, 5, 5, 5]) times.remember('/opt/ComfyUI', seconds);
    expect(times.expectedSeconds('/opt/ComfyUI')).toBe(5);
  });

  it('are kept for the next engine, each installation by itself', () => {
    open().remember('/opt/ComfyUI', 12);
    expect([open().expectedSeconds('/opt/ComfyUI'), open().expectedSeconds('/opt/other')]).toEqual([12, null]);
  });

  it('keep ten installations at most', () => {
    const times = open();
    for (let number = 1; number <= 12; number += 1) times.remember(`installation ${number}`, 1);
    expect(JSON.parse(readFileSync(join(folder, 'start-times.json'), 'utf8')).installations).toHaveLength(10);
    expect([times.expectedSeconds('installation 2'), times.expectedSeconds('installation 3')]).toEqual([null, 1]);
  });

  it('begin anew when the file is broken', () => {
    writeFileSync(join(folder, 'start-times.json'), '{"installations": 5}');
    const times = open();
    times.remember('/opt/ComfyUI', 3);
    expect(open().expectedSeconds('/opt/ComfyUI')).toBe(3);
  });

  it('do not stop a start when they cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    const times = open('file/start-times.json');
    times.remember('/opt/ComfyUI', 3);
    expect(times.expectedSeconds('/opt/ComfyUI')).toBe(3);
  });
});
