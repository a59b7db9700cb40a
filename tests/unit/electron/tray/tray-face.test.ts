import { describe, expect, it } from 'vitest';
import type { Status } from '../../../../contract/status.ts';
import type { TrayIcon } from '../../../../electron/tray/icon-of-state.ts';
import { createTrayFace } from '../../../../electron/tray/tray-face.ts';
import { trayWords as german } from '../../../../strings/de/tray.ts';
import { trayWords as english } from '../../../../strings/en/tray.ts';
import { asleep, gpuReading, ready, working } from '../../../support/dashboard-fixtures.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { CONNECTED, clock, NOW } from './tray-scenes.ts';

function stage(first: Status) {
  const time = createManualClock(NOW);
  const listeners = new Set<() => void>();
  const log: string[] = [];
  let [status, showTrayIcon, words] = [first, true, english];
  const onChange = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const change = () => {
    for (const listener of listeners) listener();
  };
  const face = createTrayFace({
    link: { state: () => CONNECTED, status: () => status, onChange },
    preferences: { get: () => ({ showTrayIcon }), onChange },
    words: () => words,
    clock,
    time,
    openSurface() {
      log.push('open');
      return {
        setIcon: (icon: TrayIcon) => log.push(`icon ${icon}`),
        setTooltip: (text) => log.push(`tooltip ${text.split('\n').at(-1)}`),
        setMenu: (items) => log.push(`menu ${items[0] !== undefined && 'label' in items[0] ? items[0].label : ''}`),
        destroy: () => log.push('destroy'),
      };
    },
  });
  return {
    face,
    time,
    listeners,
    /** What was done since the last look. */
    done: () => log.splice(0),
    become(next: Status) {
      status = next;
      change();
    },
    show(wanted: boolean) {
      showTrayIcon = wanted;
      change();
    },
    speakGerman() {
      words = german;
      change();
    },
  };
}

const never = (status: Status): Status => ({ ...status, idle: { ...status.idle, freesAt: null, stopsAt: null } });

describe('the icon in the panel', () => {
  it('shows icon, menu and tooltip at once', () => {
    expect(stage(asleep(NOW)).done()).toEqual([
      'open',
      'icon asleep',
      'menu Asleep, the card is free',
      'tooltip VRAM 1.1 of 24.0 GB, ComfyUI 0.0',
    ]);
  });

  it('touches nothing when nothing it shows has changed', async () => {
    const tray = stage(never(ready(NOW)));
    tray.done();
    tray.become({ ...never(ready(NOW)), gateway: { url: 'http://127.0.0.1:8188', heldRequests: 1, sockets: 9 } });
    await tray.time.advance(60_000);
    expect(tray.done()).toEqual([]);
  });

  it('at rest no timer runs', () => {
    expect(stage(asleep(NOW)).time.timers).toBe(0);
    expect(stage(never(ready(NOW))).time.timers).toBe(0);
    expect(stage(working(NOW)).time.timers).toBe(0);
  });

  it('counts down in the tooltip alone, minute by minute and at the end second by second', async () => {
    const tray = stage(ready(NOW)); // sleeps in 272 s
    tray.done();
    await tray.time.advance(182_000);
    expect(tray.done()).toEqual([
      'tooltip Sleeps in 4 min',
      'tooltip Sleeps in 3 min',
      'tooltip Sleeps in 2 min',
      'tooltip Sleeps in 90 s',
    ]);
    await tray.time.advance(3000);
    expect(tray.done()).toEqual(['tooltip Sleeps in 89 s', 'tooltip Sleeps in 88 s', 'tooltip Sleeps in 87 s']);
    await tray.time.advance(87_000);
    expect(tray.done().at(-1)).toBe('tooltip Sleeps in 0 s');
    expect(tray.time.timers).toBe(0);
  });

  it('writes the tooltip at most once a second, and the last word wins', async () => {
    const tray = stage(working(NOW));
    tray.done();
    await tray.time.advance(1000);
    const using = (gigabytes: number) =>
      working(NOW, {
        gpus: [gpuReading({ vramUsedBytes: gigabytes * 2 ** 30 })],
        queue: { ...working(NOW).queue, pending: gigabytes },
      });
    for (const gigabytes of [5, 6, 7]) tray.become(using(gigabytes));
    expect(tray.done()).toEqual(['tooltip 1 running, 5 waiting']);
    await tray.time.advance(999);
    expect(tray.done()).toEqual([]);
    await tray.time.advance(1);
    expect(tray.done()).toEqual(['tooltip 1 running, 7 waiting']);
  });

  it('follows the state', async () => {
    const tray = stage(asleep(NOW));
    tray.done();
    tray.become(working(NOW));
    expect(tray.done()).toEqual(['icon busy', 'menu Working']);
    await tray.time.advance(1000);
    expect(tray.done()).toEqual(['tooltip 1 running, 3 waiting']);
  });

  it('hides and comes back as the preferences say, and then ticks for nobody', () => {
    const tray = stage(ready(NOW));
    tray.done();
    tray.show(false);
    expect(tray.done()).toEqual(['destroy']);
    expect(tray.time.timers).toBe(0);
    tray.become(working(NOW));
    expect(tray.done()).toEqual([]);
    tray.show(true);
    expect(tray.done().slice(0, 3)).toEqual(['open', 'icon busy', 'menu Working']);
  });

  it('changes its language at once', () => {
    const tray = stage(asleep(NOW));
    tray.done();
    tray.speakGerman();
    expect(tray.done()).toEqual(['menu Schläft, die Karte ist frei']);
  });

  it('leaves nothing behind', () => {
    const tray = stage(ready(NOW));
    tray.face.dispose();
    expect(tray.done().at(-1)).toBe('destroy');
    expect(tray.time.timers).toBe(0);
    expect(tray.listeners.size).toBe(0);
  });
});
