import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHistoryStore, keepHistory } from '../../../../engine/comfyui/history-store.ts';
import { silentLog } from '../../../../engine/platform/log.ts';

const entry = (extra: object = {}, padding = '') => ({
  prompt: [0, 'id', { 1: { class_type: 'SaveImage', inputs: { padding } } }, { client_id: 'c', ...extra }, ['1']],
  outputs: {},
  status: { status_str: 'success', completed: true, messages: [] },
});

describe('what is kept of a history', () => {
  it('holds no key to a paid account, wherever a version of ComfyUI puts it', () => {
    const withKeys = entry({
      api_key_comfy_org: 'SECRET',
      auth_token_comfy_org: 'SECRET',
      extra_pnginfo: { workflow: {} },
    });
    const newer = { ...withKeys, prompt: [...withKeys.prompt, { api_key_comfy_org: 'SECRET' }] };
    const kept = keepHistory({ a: withKeys, b: newer });
    expect(JSON.stringify(kept)).not.toContain('SECRET');
    expect(kept.a).toEqual(entry({ extra_pnginfo: { workflow: {} } }));
  });

  it('is bounded: the newest stay, in their order', () => {
    const answer = Object.fromEntries(['old', 'b', 'c', 'new'].map((id) => [id, entry({}, 'x'.repeat(1000))]));
    expect(Object.keys(keepHistory(answer, 3000))).toEqual(['c', 'new']);
  });

  it('is empty for anything but an object', () => {
    for (const answer of [null, [], 'x', 7]) expect(keepHistory(answer)).toEqual({});
  });

  it('passes entries on that it does not understand', () => {
    expect(keepHistory({ a: 1, b: { prompt: 'x' } })).toEqual({ a: 1, b: { prompt: 'x' } });
  });
});

describe('the file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stoker-history-'));
    file = join(folder, 'last-history.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives back what was saved (ComfyUI PR#1977: the history dies with the process)', async () => {
    await createHistoryStore({ file, log: silentLog() }).save({ a: entry() });
    expect(createHistoryStore({ file, log: silentLog() }).load()).toEqual({ a: entry() });
    expect(readdirSync(folder)).toEqual(['last-history.json']);
  });

  it('starts empty without one', () => {
    expect(createHistoryStore({ file, log: silentLog() }).load()).toEqual({});
  });

  it.each(['{"a":', '[]', 'null', ''])('keeps a damaged one aside and starts empty: %j', (text) => {
    writeFileSync(file, text);
    expect(createHistoryStore({ file, log: silentLog() }).load()).toEqual({});
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text);
  });

  it('leaves nothing behind when the disk refuses', async () => {
    mkdirSync(file);
    await createHistoryStore({ file, log: silentLog() }).save({ a: 1 });
    expect(readdirSync(folder)).toEqual(['last-history.json']);
  });
});
