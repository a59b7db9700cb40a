import { expect, it } from 'vitest';
import { parseOomKills } from '../../../../../engine/supervisor/reasons/oom-kills.ts';

it('reads how many processes the kernel killed for want of memory', () => {
  expect(parseOomKills('nr_free_pages 1\noom_kill 3\ndrop_pagecache 0\n')).toBe(3);
});

it('says that it does not know on a kernel that does not count', () => {
  expect(parseOomKills('nr_free_pages 1\n')).toBeNull();
});
