/** Starts the built shell on a test's desktop, under Playwright. It waits for nothing that a test is about: icon, windows, engine. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { type ElectronApplication, _electron as electron } from 'playwright-core';
import { applicationFolder, electronExecutable, shellEnvironment } from './desktop-application.ts';
import type { DesktopSession } from './desktop-session.ts';
import { lives } from './living-process.ts';
import { until } from './until.ts';

export interface Shell {
  readonly electron: ElectronApplication;
  readonly pid: number;
  /** Of the engine. */
  readonly dataFolder: string;
  /** Starts it a second time, as a click on the program or on a link does, and waits for that process to end. */
  launchAgain(...words: string[]): SpawnSyncReturns<string>;
  /** Resolves when the process has ended; whoever wants it ended says so by other means. */
  ended(): Promise<void>;
  /** As the system does when it is out of memory. */
  kill(): Promise<void>;
}

export interface ShellOptions {
  /** Words for the program, for example `--demo`. */
  readonly words?: readonly string[];
  /** Switches for Chromium, for example `--force-device-scale-factor=2`. */
  readonly switches?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export async function launchShell(session: DesktopSession, options: ShellOptions = {}): Promise<Shell> {
  const executable = await electronExecutable();
  const folder = applicationFolder(session);
  const environment = { ...shellEnvironment(session), ...options.environment };
  const application = await electron.launch({
    executablePath: executable,
    args: [...(options.switches ?? []), folder, ...(options.words ?? [])],
    env: environment,
    // Not Playwright's: the theme is the shell's to choose.
    colorScheme: null,
    timeout: 60_000,
  });
  const pid = application.process().pid as number;
  const ended = (): Promise<void> => until(() => !lives(pid), 60_000);
  return {
    electron: application,
    pid,
    dataFolder: environment.STOKER_DATA_DIR as string,
    launchAgain: (...words) =>
      spawnSync(executable, ['--no-sandbox', folder, ...words], {
        env: environment,
        encoding: 'utf8',
        timeout: 60_000,
      }),
    ended,
    async kill() {
      process.kill(pid, 'SIGKILL');
      await ended();
    },
  };
}
