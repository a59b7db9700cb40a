/**
 * ComfyUI in a window of its own, as the gateway serves it: asleep, waking or awake. The page may be full of other people's code
 * (custom nodes), so it has no preload and a session that it shares with nobody.
 */
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import type { Downloads } from './downloads.ts';
import { type OpenWindow, openWindow, type WindowRoom } from './open-window.ts';
import { guardedPreferences } from './shell-window.ts';
import { comfyuiTitle } from './window-title.ts';

export const COMFYUI_PARTITION = 'persist:comfyui';

export function openComfyuiWindow(room: WindowRoom, downloads: Downloads): OpenWindow {
  const opened = openWindow(room, {
    kind: 'comfyui',
    wishes: { preferred: { width: 1440, height: 900 }, least: { width: 480, height: 360 } },
    hidesMenu: false,
    page: { partition: COMFYUI_PARTITION },
    title: () =>
      comfyuiTitle(
        { engine: room.link.state(), status: room.link.status(), downloadPercent: downloads.percent() },
        room.words(),
      ),
  });
  leaveAltToThePage(opened.window);
  opened.page.open('/');
  return opened;
}

/** A picture that ComfyUI shows in a new tab. */
export const pictureWindowOptions = (): BrowserWindowConstructorOptions => ({
  width: 1024,
  height: 768,
  autoHideMenuBar: true,
  webPreferences: guardedPreferences({ partition: COMFYUI_PARTITION }),
});

/** Alt with the mouse copies nodes; its release alone would move the focus into the menu bar each time. */
function leaveAltToThePage({ webContents }: BrowserWindow): void {
  webContents.on('before-input-event', (_event, input) => webContents.setIgnoreMenuShortcuts(input.key === 'Alt'));
}
