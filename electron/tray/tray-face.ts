/**
 * Keeps the icon, the tooltip and the menu true, touching each only when it changes: at rest nothing runs, and a countdown in the tooltip
 * is the one thing that sets a timer. Knows no Electron; tray.ts gives it the surface.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Preferences } from '../../contract/desktop.ts';
import type { TrayWords } from '../../strings/en/tray.ts';
import type { EngineLink } from '../engine/engine-link.ts';
import { iconOfState, type TrayIcon } from './icon-of-state.ts';
import { menuTemplate, type TrayItem } from './menu-template.ts';
import { tooltipOf } from './tooltip.ts';

/** One icon in the panel. */
export interface TraySurface {
  setIcon(icon: TrayIcon): void;
  setTooltip(text: string): void;
  setMenu(items: readonly TrayItem[]): void;
  destroy(): void;
}

export interface TrayFaceDependencies {
  readonly link: Pick<EngineLink, 'state' | 'status' | 'onChange'>;
  readonly preferences: { get(): Pick<Preferences, 'showTrayIcon'>; onChange(listener: () => void): () => void };
  readonly words: () => TrayWords;
  readonly clock: (epochMs: number) => string;
  readonly time: {
    /** Epoch milliseconds. */
    now(): number;
    /** Returns the way to call it off. */
    after(delayMs: number, act: () => void): () => void;
  };
  readonly openSurface: () => TraySurface;
}

/** Progress arrives many times a second; nobody reads a tooltip that fast. */
const TOOLTIP_PAUSE_MS = 1000;

export function createTrayFace(dependencies: TrayFaceDependencies): { dispose(): void } {
  const { link, preferences, words, clock, time, openSurface } = dependencies;
  let surface: TraySurface | null = null;
  let shown: { icon?: TrayIcon; tooltip?: string; menu?: readonly TrayItem[] } = {};
  let tooltipSetAt = 0;
  let callOff: () => void = () => {};

  function refresh(): void {
    if (!preferences.get().showTrayIcon) {
      hide();
      return;
    }
    surface ??= openSurface();
    const [engine, status] = [link.state(), link.status()];
    const icon = iconOfState(engine, status);
    if (icon !== shown.icon) surface.setIcon(icon);
    const menu = menuTemplate({ engine, status, words: words(), clock });
    const isNewMenu = !isDeepStrictEqual(menu, shown.menu);
    if (isNewMenu) surface.setMenu(menu);
    shown = { ...shown, icon, menu };
    refreshTooltip();
  }

  function refreshTooltip(): void {
    callOff();
    callOff = () => {};
    if (surface === null) return;
    const now = time.now();
    const next = tooltipOf({ engine: link.state(), status: link.status(), now, words: words(), clock });
    const pauseLeftMs = tooltipSetAt + TOOLTIP_PAUSE_MS - now;
    if (next.text !== shown.tooltip && (shown.tooltip === undefined || pauseLeftMs <= 0)) {
      surface.setTooltip(next.text);
      shown = { ...shown, tooltip: next.text };
      tooltipSetAt = now;
    } else if (next.text !== shown.tooltip) {
      callOff = time.after(pauseLeftMs, refreshTooltip);
      return;
    }
    if (next.changesInMs !== null) callOff = time.after(Math.max(next.changesInMs, TOOLTIP_PAUSE_MS), refreshTooltip);
  }

  function hide(): void {
    callOff();
    surface?.destroy();
    surface = null;
    shown = {};
  }

  const stopListening = [link.onChange(refresh), preferences.onChange(refresh)];
  refresh();
  return {
    dispose() {
      for (const stop of stopListening) stop();
      hide();
    },
  };
}
