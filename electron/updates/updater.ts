/** electron-updater behind the little that is needed of it. It is heavy: loaded at the first look for a newer version, never before. */
import type { UpdateInfo } from 'electron-updater';
import { plainNotes, type ReleaseNotes } from './release-notes.ts';

export interface UpdaterListeners {
  found(version: string): void;
  nothingNewer(): void;
  progress(percent: number): void;
  /** Fetched and verified. */
  downloaded(version: string, notes: string): void;
  failed(error: Error): void;
}

export interface Updater {
  /** What it finds is fetched at once; answers when it is known whether there is something. Never rejects. */
  check(): Promise<void>;
  /** Ends this process, installs, and starts the new one. */
  install(): void;
}

export async function openUpdater(listeners: UpdaterListeners, log: (line: string) => void): Promise<Updater> {
  const { autoUpdater } = await import('electron-updater');
  autoUpdater.logger = {
    info: () => {},
    warn: (message) => log(`Update: ${String(message)}`),
    error: (message) => log(`Update: ${String(message)}`),
  };
  // Only when the user says so: at a log-out there is no time for it, and ComfyUI must have ended before.
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.on('update-available', ({ version }: UpdateInfo) => listeners.found(version));
  autoUpdater.on('update-not-available', () => listeners.nothingNewer());
  autoUpdater.on('download-progress', ({ percent }) => listeners.progress(percent));
  autoUpdater.on('update-downloaded', ({ version, releaseNotes }) =>
    listeners.downloaded(version, plainNotes(releaseNotes as ReleaseNotes)),
  );
  autoUpdater.on('error', (error) => listeners.failed(error));
  return {
    async check() {
      // Both also reach the 'error' event.
      const result = await autoUpdater.checkForUpdates().catch(() => null);
      result?.downloadPromise?.catch(() => {});
    },
    install: () => autoUpdater.quitAndInstall(true, true),
  };
}
