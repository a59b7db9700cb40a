/**
 * A desktop for one test: a display, a session bus and a system bus of its own, empty home and settings folders. It knows nothing of Stoker.
 * Whatever was started in it is ended with it, also after a failing test.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type BusOptions, firstOutput, type PrivateBus, startBus } from './desktop-bus.ts';
import { desktopProcesses } from './desktop-processes.ts';
import { until } from './until.ts';

const MARK = 'DESKTOP_TEST_SESSION';

export interface DesktopSession {
  readonly folder: string;
  /** For everything that belongs to this desktop. */
  readonly environment: NodeJS.ProcessEnv;
  readonly sessionBus: PrivateBus;
  readonly systemBus: PrivateBus;
  /** Processes that were started in this desktop and still run; its own display and buses are not among them. */
  processes(): number[];
  /** Ends every process of it. */
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly width?: number;
  readonly height?: number;
  /** Services that the session bus starts when they are called; a panel needs that of its settings. */
  readonly starts?: readonly string[];
  /** As in XDG_CURRENT_DESKTOP: Chromium chooses the key store and the way to block sleep by it. */
  readonly desktop?: 'XFCE' | 'GNOME';
  readonly language?: string;
}

export async function startDesktopSession(options: SessionOptions = {}): Promise<DesktopSession> {
  // Short: the path of a socket holds 107 characters.
  const folder = mkdtempSync(join(tmpdir(), 'desk-'));
  const mark = randomUUID();
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    XDG_CURRENT_DESKTOP: options.desktop ?? 'XFCE',
    LANG: options.language ?? 'en_GB.UTF-8',
    LANGUAGE: options.language ?? 'en_GB',
    TZ: 'UTC',
    // No portal and no accessibility bus: both would be started, and outlive the test.
    GTK_USE_PORTAL: '0',
    NO_AT_BRIDGE: '1',
    [MARK]: mark,
  };
  for (const name of ['home', 'config', 'data', 'cache', 'state', 'run'])
    mkdirSync(join(folder, name), { mode: 0o700 });

  const all = (): number[] => desktopProcesses(`${MARK}=${mark}`, folder);
  const endAllBut = async (keep: readonly number[]): Promise<void> => {
    await until(() => {
      const others = all().filter((pid) => !keep.includes(pid));
      for (const pid of others) kill(pid);
      return others.length === 0;
    });
  };
  const endAllNow = (): void => {
    for (const pid of all()) kill(pid);
  };
  process.on('exit', endAllNow);
  try {
    const size = `${options.width ?? 1280}x${options.height ?? 900}x24`;
    const display = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-noreset'], {
      env: environment,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    environment.DISPLAY = `:${await firstOutput(display, 'Xvfb', display.stdio[3] as Readable)}`;
    const bus: Omit<BusOptions, 'name'> = { folder, environment, starts: options.starts ?? [] };
    const sessionBus = await startBus({ ...bus, name: 'session' });
    const systemBus = await startBus({ ...bus, name: 'system', starts: [] });
    environment.DBUS_SESSION_BUS_ADDRESS = sessionBus.address;
    environment.DBUS_SYSTEM_BUS_ADDRESS = systemBus.address;
    const own = [display.pid as number, sessionBus.pid, systemBus.pid];
    return {
      folder,
      environment,
      sessionBus,
      systemBus,
      processes: () => all().filter((pid) => !own.includes(pid)),
      async close() {
        await endAllBut(own);
        await Promise.all([sessionBus.close(), systemBus.close()]);
        await endAllBut([]);
        process.off('exit', endAllNow);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await endAllBut([]);
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
