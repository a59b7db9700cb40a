/** The end of the session and signals: the shell quits without asking anybody, since nobody would be there to answer. */
import { app, powerMonitor } from 'electron';

/** After `app.whenReady()`. @param quitNow may be called more than once */
export function watchSessionEnd(quitNow: () => void): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => quitNow());
  // macOS and Linux; asked to, they wait a few seconds, in which ComfyUI and the engine end. The types leave the event out.
  powerMonitor.on('shutdown', ((event: Electron.Event) => {
    event.preventDefault();
    quitNow();
  }) as () => void);
  // Windows tells windows alone; without one it ends us, and the engine, by itself.
  if (process.platform === 'win32') {
    app.on('browser-window-created', (_event, window) => window.on('session-end', () => quitNow()));
  }
}
