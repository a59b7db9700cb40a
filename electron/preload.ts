/** What the dashboard window may ask of the shell, and nothing else of Electron: `window.stokerDesktop`. Runs in the sandbox. */
import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopAnswer, DesktopBridge } from '../contract/desktop.ts';
import { DESKTOP_CHANNELS } from '../contract/desktop-channels.ts';

const bridge: DesktopBridge = {
  request: (name, input) => ipcRenderer.invoke(DESKTOP_CHANNELS.request, name, input) as Promise<DesktopAnswer>,
  on(name, listener) {
    const hear = (_event: unknown, told: unknown, payload: unknown): void => {
      if (told === name) listener(payload);
    };
    ipcRenderer.on(DESKTOP_CHANNELS.event, hear);
    return () => void ipcRenderer.off(DESKTOP_CHANNELS.event, hear);
  },
};

contextBridge.exposeInMainWorld('stokerDesktop', bridge);
