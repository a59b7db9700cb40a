import { expect, it } from 'vitest';
import { EVENT_NAMES } from '../../../../contract/events.ts';
import { parseTopics } from '../../../../engine/api/events.ts';

it('no topics means all of them', () => {
  expect(parseTopics(undefined)).toEqual(new Set(EVENT_NAMES));
  expect(parseTopics('')).toEqual(new Set(EVENT_NAMES));
});

it('keeps the named topics', () => {
  expect(parseTopics('status, gpu')).toEqual(new Set(['status', 'gpu']));
});

it('names the topic that does not exist instead of ignoring it', () => {
  expect(parseTopics('status,vram')).toEqual({ unknown: 'vram' });
});
