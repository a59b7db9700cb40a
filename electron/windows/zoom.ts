/** The zoom of one window: in steps, kept over navigation and remembered. Ctrl and the wheel work as in a browser. */
import type { WebContents } from 'electron';
import { isNotice } from './notice-page.ts';

/** Half a step of Chromium's, about 10 %. From a quarter to five times the size. */
const STEP = 0.5;
const LEAST = -7.5;
const MOST = 8;

export interface Zoom {
  /** 0 goes back to the actual size. */
  step(direction: 1 | -1 | 0): void;
}

export function createZoom(contents: WebContents, startLevel: number, onChange: (level: number) => void): Zoom {
  let level = startLevel;

  function step(direction: 1 | -1 | 0): void {
    level = direction === 0 ? 0 : Math.min(MOST, Math.max(LEAST, level + direction * STEP));
    contents.setZoomLevel(level);
    onChange(level);
  }

  contents.on('zoom-changed', (_event, direction) => step(direction === 'in' ? 1 : -1));
  contents.on('did-navigate', (_event, address) => {
    if (!isNotice(address)) contents.setZoomLevel(level);
  });
  return { step };
}
