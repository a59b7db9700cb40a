/** The title is what a person reads in the taskbar: it must name the state that holds, in both languages. */
import { describe, expect, test } from 'vitest';
import type { EngineState } from '../../../../electron/engine/engine-link.ts';
import { comfyuiTitle, dashboardTitle } from '../../../../electron/windows/window-title.ts';
import { windowsWords as german } from '../../../../strings/de/windows.ts';
import { windowsWords as english } from '../../../../strings/en/windows.ts';
import { asleep, backingOff, failed, ready, stopping, waking, working } from '../../../support/dashboard-fixtures.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const CONNECTED: EngineState = { kind: 'connected', url: 'http://127.0.0.1:8188', ours: true };

const queueOf = (running: number, pending: number) => ({ ...ready(NOW).queue, running, pending });
const yielded = { ...ready(NOW).courtesy, state: 'yielded' as const };

const ROWS = [
  [asleep(NOW), 'asleep', 'schläft'],
  [waking(NOW), 'waking: custom nodes', 'wacht auf: Custom Nodes'],
  [waking(NOW, { boot: null }), 'waking', 'wacht auf'],
  [ready(NOW), 'ready', 'bereit'],
  [ready(NOW, { queue: queueOf(1, 0) }), 'busy', 'arbeitet'],
  [ready(NOW, { queue: queueOf(1, 3) }), 'busy, 3 waiting', 'arbeitet, 3 in der Warteschlange'],
  [ready(NOW, { queue: queueOf(0, 2) }), 'busy, 2 waiting', 'arbeitet, 2 in der Warteschlange'],
  [ready(NOW, { courtesy: yielded }), 'the card is lent out', 'Grafikkarte ist verliehen'],
  [asleep(NOW, { courtesy: yielded }), 'the card is lent out', 'Grafikkarte ist verliehen'],
  [stopping(NOW), 'going to sleep', 'schläft gleich ein'],
  [backingOff(NOW), 'crashed, starts again', 'abgestürzt, startet neu'],
  [failed(NOW), 'failed', 'fehlgeschlagen'],
] as const;

describe('the title of a window', () => {
  test.each(ROWS)('state %#: %s', (status, inEnglish, inGerman) => {
    const facts = { engine: CONNECTED, status };
    expect(comfyuiTitle(facts, english)).toBe(`ComfyUI – ${inEnglish}`);
    expect(dashboardTitle(facts, german)).toBe(`Stoker – ${inGerman}`);
  });

  test.each([
    [{ kind: 'starting' }, 'Stoker is starting'],
    [{ kind: 'restarting', attempt: 2, reason: 'It ended.' }, 'Stoker is starting again'],
    [{ kind: 'gaveUp', reason: 'It ended.' }, 'Stoker is not running'],
    [{ kind: 'ending' }, 'Stoker is not running'],
  ] as const)('an engine that does not answer outweighs what was last heard: %o', (engine, expected) => {
    expect(comfyuiTitle({ engine, status: working(NOW) }, english)).toBe(`ComfyUI – ${expected}`);
  });

  test.each([
    [undefined, 'ComfyUI – ready'],
    [42, 'ComfyUI – ready · downloading 42 %'],
    [null, 'ComfyUI – ready · downloading'],
  ])('downloads at %s percent', (downloadPercent, expected) => {
    expect(comfyuiTitle({ engine: CONNECTED, status: ready(NOW), downloadPercent }, english)).toBe(expected);
  });
});
