import { describe, expect, it } from 'vitest';
import type { JobNotice, PromptEnd } from '../../../../contract/events.ts';
import type { Status } from '../../../../contract/status.ts';
import type { EngineState } from '../../../../electron/engine/engine-link.ts';
import type { Wishes } from '../../../../electron/notifications/decide.ts';
import { createNotificationWatch } from '../../../../electron/notifications/notification-watch.ts';
import { notificationWords } from '../../../../strings/en/notifications.ts';
import { asleep, backingOff, failed, ready, waking, working } from '../../../support/dashboard-fixtures.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { promptEnd } from './prompt-end.ts';

const NOW = Date.parse('2026-11-21T13:00:00Z');

function stage(first: Status | null = asleep(NOW)) {
  const time = createManualClock(NOW);
  const titles: string[] = [];
  const changeListeners = new Set<() => void>();
  const noticeListeners = new Set<(notice: JobNotice) => void>();
  const endListeners = new Set<(end: PromptEnd) => void>();
  let engine: EngineState = { kind: 'connected', url: 'http://127.0.0.1:8188', ours: true };
  let status = first;
  let wishes: Wishes = { notifications: 'all', notifyWakeAndSleep: false };
  let focused = false;
  const watch = createNotificationWatch({
    link: {
      state: () => engine,
      status: () => status,
      onChange(listener) {
        changeListeners.add(listener);
        return () => changeListeners.delete(listener);
      },
      onPromptEnd(listener) {
        endListeners.add(listener);
        return () => endListeners.delete(listener);
      },
      onJobNotice(listener) {
        noticeListeners.add(listener);
        return () => noticeListeners.delete(listener);
      },
    },
    wishes: () => wishes,
    words: () => notificationWords,
    comfyuiFocused: () => focused,
    time,
    show: (message) => titles.push(message.title),
  });
  const change = () => {
    for (const listener of changeListeners) listener();
  };
  return {
    watch,
    time,
    told: () => titles.splice(0),
    listeners: () => changeListeners.size + endListeners.size + noticeListeners.size,
    become(next: Status | null) {
      status = next;
      change();
    },
    engine(next: EngineState) {
      engine = next;
      status = null;
      change();
    },
    end(...ends: Partial<PromptEnd>[]) {
      for (const end of ends) for (const listener of endListeners) listener(promptEnd(end));
    },
    notice(notice: JobNotice) {
      for (const listener of noticeListeners) listener(notice);
    },
    wish(next: Partial<Wishes>) {
      wishes = { ...wishes, ...next };
    },
    focus(on: boolean) {
      focused = on;
    },
  };
}

describe('jobs', () => {
  it('one job is told when it has ended', async () => {
    const desk = stage(ready(NOW));
    desk.end({});
    await desk.time.advance(1999);
    expect(desk.told()).toEqual([]);
    await desk.time.advance(1);
    expect(desk.told()).toEqual(['1 image ready']);
    expect(desk.time.timers).toBe(0);
  });

  it('a batch is told as one, when the queue is empty', async () => {
    const desk = stage(working(NOW));
    for (let turn = 0; turn < 4; turn += 1) {
      desk.end({});
      await desk.time.advance(5000);
    }
    expect(desk.told()).toEqual([]);
    desk.end({ outcome: 'failed', message: 'KSampler' });
    desk.become(ready(NOW));
    await desk.time.advance(2000);
    expect(desk.told()).toEqual(['4 images ready, 1 failed']);
  });

  it('a queue that never ends is told every half minute', async () => {
    const desk = stage(working(NOW));
    for (let second = 0; second < 60; second += 1) {
      desk.end({});
      await desk.time.advance(1000);
    }
    expect(desk.told()).toEqual(['30 images ready', '30 images ready']);
  });

  it('nothing is told of a result the user is looking at, then or by now', async () => {
    const desk = stage(ready(NOW));
    desk.focus(true);
    desk.end({});
    desk.focus(false);
    await desk.time.advance(60_000);
    desk.end({});
    desk.focus(true);
    await desk.time.advance(60_000);
    expect(desk.told()).toEqual([]);
  });

  it('in quiet mode failures alone are counted', async () => {
    const desk = stage(ready(NOW));
    desk.wish({ notifications: 'problems' });
    desk.end({}, { outcome: 'failed' }, {});
    await desk.time.advance(2000);
    expect(desk.told()).toEqual(['A job failed']);
  });
});

describe('ComfyUI and the engine', () => {
  it('a row of crashes is told once, and then the giving up', () => {
    const desk = stage(working(NOW));
    for (let turn = 0; turn < 4; turn += 1) {
      desk.become(backingOff(NOW));
      desk.become(waking(NOW));
    }
    desk.become(failed(NOW));
    expect(desk.told()).toEqual(['ComfyUI crashed and starts again', 'ComfyUI does not run']);
  });

  it('what happened to ComfyUI while the engine was away is told when it is back', () => {
    const desk = stage(working(NOW));
    desk.engine({ kind: 'restarting', attempt: 1, reason: 'It ended.' });
    desk.become(backingOff(NOW));
    expect(desk.told()).toEqual(['ComfyUI crashed and starts again']);
  });

  it('an engine that was given up is told', () => {
    const desk = stage();
    desk.engine({ kind: 'gaveUp', reason: 'It ended five times.' });
    expect(desk.told()).toEqual(['Stoker’s engine does not run']);
  });

  it('the first status is no news', () => {
    const desk = stage(null);
    desk.become(failed(NOW));
    expect(desk.told()).toEqual([]);
  });
});

describe('jobs that a person may want to act on', () => {
  it('an offer to move them, and a limit that is reached, are told unless notifications are off', () => {
    const desk = stage();
    desk.notice({ kind: 'offloadOffered', waiting: 12, target: 'pod' });
    desk.notice({ kind: 'budgetReached', target: 'pod', reason: 'The limit of $1.00 a day is reached.' });
    expect(desk.told()).toEqual(['12 jobs wait for this computer', 'The limit of pod is reached: jobs wait']);
    desk.wish({ notifications: 'off' });
    desk.notice({ kind: 'offloadOffered', waiting: 12, target: 'pod' });
    expect(desk.told()).toEqual([]);
  });
});

it('leaves nothing behind', () => {
  const desk = stage(ready(NOW));
  desk.end({});
  desk.watch.dispose();
  expect(desk.time.timers).toBe(0);
  expect(desk.listeners()).toBe(0);
});
