/** The two IPC channels between the shell and its dashboard window. What is answered is decided in answer-requests.ts. */
import { ipcMain, type WebContents } from 'electron';
import type { DesktopEvent, DesktopEventPayload } from '../../contract/desktop.ts';
import { DESKTOP_CHANNELS } from '../../contract/desktop-channels.ts';
import type { createAnswerer } from './answer-requests.ts';

export interface IpcDeps {
  readonly answer: ReturnType<typeof createAnswerer>;
  readonly dashboard: () => WebContents | null;
}

export interface Ipc {
  /** Tells the dashboard window, when it is open. */
  tell<Name extends DesktopEvent>(name: Name, payload: DesktopEventPayload<Name>): void;
}

export function registerIpc({ answer, dashboard }: IpcDeps): Ipc {
  ipcMain.handle(DESKTOP_CHANNELS.request, (event, name: unknown, input: unknown) => {
    const contents = dashboard();
    const frame = event.senderFrame;
    // By the frame itself: a frame that navigated away meanwhile has lost its claim.
    const isDashboardMainFrame = contents !== null && frame !== null && frame === contents.mainFrame;
    return answer({ isDashboardMainFrame, url: frame?.url ?? '' }, name, input);
  });
  return {
    tell(name, payload) {
      const contents = dashboard();
      if (contents !== null && !contents.isDestroyed()) contents.send(DESKTOP_CHANNELS.event, name, payload);
    },
  };
}
