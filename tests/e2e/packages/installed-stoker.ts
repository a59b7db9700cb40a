/** An installed Stoker on a test's desktop: started as a person would start it, driven through its tray icon and its engine's address alone. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../../contract/desktop.ts';
import { type EngineLock, EngineLockSchema } from '../../../contract/engine-lock.ts';
import type { DesktopSession } from '../../support/desktop-session.ts';
import { hasTrayIcon, type TrayIcon, trayIconOf } from '../../support/desktop-tray.ts';

export interface InstalledStoker {
  readonly tray: TrayIcon;
  /** Waits for it to listen. */
  engine(): Promise<EngineLock & { readonly url: string; readonly program: string }>;
  /** What the shell has written to its standard streams. */
  output(): string;
}

/** @param command the program and its words; root needs `--no-sandbox` */
export async function startInstalled(
  session: DesktopSession,
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<InstalledStoker> {
  const dataFolder = join(session.folder, 'engine-data');
  mkdirSync(join(dataFolder, 'shell'), { recursive: true });
  const quiet = { ...DEFAULT_PREFERENCES, welcomeDone: true, openOnStart: 'nothing' };
  writeFileSync(join(dataFolder, 'shell/preferences.json'), JSON.stringify(quiet));

  const [program, ...words] = command;
  // Named on the command line, by which the session knows its processes.
  const child = spawn(program, [...words, '--demo', '--port', '0', '--data-dir', dataFolder], {
    cwd: session.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...session.environment, ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  // An AppImage starts the shell as a child of its own.
  const pid = await vi.waitFor(
    async () => {
      for (const each of session.processes()) if (await hasTrayIcon(session.sessionBus, each)) return each;
      throw new Error(`no tray icon came (ended: ${child.exitCode}):\n${output}`);
    },
    { timeout: 60_000, interval: 100 },
  );
  return {
    tray: await trayIconOf(session.sessionBus, pid),
    output: () => output,
    engine: () =>
      vi.waitFor(
        () => {
          const lock = EngineLockSchema.parse(JSON.parse(readFileSync(join(dataFolder, 'engine.lock'), 'utf8')));
          if (lock.url === null) throw new Error('the engine does not listen yet');
          return { ...lock, url: lock.url, program: readlinkSync(`/proc/${lock.pid}/exe`) };
        },
        { timeout: 30_000, interval: 100 },
      ),
  };
}
