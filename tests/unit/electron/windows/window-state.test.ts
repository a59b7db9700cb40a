/** Places of windows over a restart of the shell, and a file that somebody broke. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWindowStates } from '../../../../electron/windows/window-state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-windows-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const silent = (): void => {};
const bounds = { x: 1, y: 2, width: 900, height: 600 };

test('what was changed is there after a restart, each window for itself', () => {
  const states = createWindowStates(folder, silent);
  states.change('comfyui', { bounds, maximised: true });
  states.change('comfyui', { zoomLevel: 1.5 });
  states.flush();
  const again = createWindowStates(folder, silent);
  expect(again.of('comfyui')).toEqual({ bounds, maximised: true, zoomLevel: 1.5 });
  expect(again.of('dashboard')).toEqual({ bounds: null, maximised: false, zoomLevel: 0 });
});

test('a window being dragged writes once, not at every step', () => {
  vi.useFakeTimers();
  const states = createWindowStates(folder, silent);
  for (let x = 0; x < 100; x += 1) states.change('dashboard', { bounds: { ...bounds, x } });
  expect(existsSync(join(folder, 'windows.json'))).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(JSON.parse(readFileSync(join(folder, 'windows.json'), 'utf8')).dashboard.bounds.x).toBe(99);
  expect(existsSync(join(folder, 'windows.json.new'))).toBe(false);
});

test.each(['', '{', '{"comfyui":{"bounds":{"x":"left"},"maximised":false,"zoomLevel":0}}', '[]'])(
  'a broken file counts as absent: %s',
  (text) => {
    writeFileSync(join(folder, 'windows.json'), text);
    expect(createWindowStates(folder, silent).of('comfyui').bounds).toBeNull();
  },
);

test('a folder that cannot be written to is told, and the window works on', () => {
  const lines: string[] = [];
  writeFileSync(join(folder, 'file'), '');
  const states = createWindowStates(join(folder, 'file'), (line) => lines.push(line));
  states.change('comfyui', { zoomLevel: 1 });
  states.flush();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('could not be saved');
  expect(states.of('comfyui').zoomLevel).toBe(1);
});
