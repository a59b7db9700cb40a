/** When a download counts as one that gets nowhere. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { STALLED_AFTER_MS, watchForStall } from '../../../../electron/windows/download-stall.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('tells of a download that stays at the same byte, once, however often that is reported', () => {
  const stalled = vi.fn();
  const watch = watchForStall(stalled);
  watch.received(500);
  for (let step = 0; step < 10; step += 1) {
    expect(stalled).not.toHaveBeenCalled();
    vi.advanceTimersByTime(STALLED_AFTER_MS / 10);
    watch.received(500);
  }
  expect(stalled).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(STALLED_AFTER_MS * 2);
  expect(stalled).toHaveBeenCalledTimes(1);
});

it('tells of one whose first byte never comes', () => {
  const stalled = vi.fn();
  watchForStall(stalled);
  vi.advanceTimersByTime(STALLED_AFTER_MS);
  expect(stalled).toHaveBeenCalledTimes(1);
});

it('lets a slow one go on, also when Chromium begins it again from the first byte', () => {
  const stalled = vi.fn();
  const watch = watchForStall(stalled);
  for (const bytes of [1, 2, 0, 1, 2, 3]) {
    watch.received(bytes);
    vi.advanceTimersByTime(STALLED_AFTER_MS - 1);
  }
  expect(stalled).not.toHaveBeenCalled();
});

it('is silent after the end', () => {
  const stalled = vi.fn();
  const watch = watchForStall(stalled);
  watch.received(5);
  watch.stop();
  vi.advanceTimersByTime(STALLED_AFTER_MS * 2);
  expect(stalled).not.toHaveBeenCalled();
});
