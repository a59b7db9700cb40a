/** The built shell as a person starts it: no debugger, no test driver. Windows are seen from the X server, figures read from /proc. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { applicationFolder, electronExecutable, shellEnvironment } from '../../tests/support/desktop-application.ts';
import { processTree } from '../../tests/support/desktop-processes.ts';
import { type DesktopSession, startDesktopSession } from '../../tests/support/desktop-session.ts';
import { serveTrayWatcher, trayIconOf } from '../../tests/support/desktop-tray.ts';
import { untilFound } from '../../tests/support/until.ts';

/** As the kernel counts processor time on every Linux that Electron runs on. */
const TICKS_PER_SECOND = 100;

export interface Memory {
  readonly processes: number;
  readonly residentBytes: number;
  /** Shared pages divided among those who share them. */
  readonly proportionalBytes: number;
}

export interface ShellUnderMeasure {
  /** From launch, in milliseconds. */
  untilWindow(): Promise<number>;
  untilTrayIcon(): Promise<number>;
  open(link: string): void;
  /** Of all Electron processes; the engine is not among them. */
  memory(): Memory;
  /** Share of one core over the time. */
  processorShare(seconds: number): Promise<number>;
  close(): Promise<void>;
}

export async function startShell(words: readonly string[]): Promise<ShellUnderMeasure> {
  const executable = await electronExecutable();
  const session = await startDesktopSession();
  await serveTrayWatcher(session.sessionBus);
  const command = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), applicationFolder(session)];
  const environment = shellEnvironment(session);
  const startedAt = performance.now();
  const shell = spawn(executable, [...command, ...words], { env: environment, stdio: 'ignore' });
  const pid = shell.pid as number;
  const own = (): number[] => processTree(pid).filter((each) => programOf(each) === executable);
  const processorSeconds = (): number => own().reduce((sum, each) => sum + processorSecondsOf(each), 0);
  return {
    async untilWindow() {
      await untilFound(async () => visibleWindow(session), 'a window', 60_000);
      return performance.now() - startedAt;
    },
    async untilTrayIcon() {
      await trayIconOf(session.sessionBus, pid);
      return performance.now() - startedAt;
    },
    open: (link) => void spawnSync(executable, [...command, link], { env: environment, stdio: 'ignore' }),
    memory() {
      const each = own().map(memoryOf);
      return {
        processes: each.length,
        residentBytes: each.reduce((sum, { resident }) => sum + resident, 0),
        proportionalBytes: each.reduce((sum, { proportional }) => sum + proportional, 0),
      };
    },
    async processorShare(seconds) {
      const before = processorSeconds();
      await pause(seconds * 1000);
      return (processorSeconds() - before) / seconds;
    },
    close: () => session.close(),
  };
}

function visibleWindow({ environment }: DesktopSession): string | null {
  const { stdout } = spawnSync('xdotool', ['search', '--onlyvisible', '--name', 'Stoker'], {
    env: environment,
    encoding: 'utf8',
  });
  return stdout.trim() || null;
}

function programOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return null;
  }
}

function memoryOf(pid: number): { resident: number; proportional: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { resident: bytes('Rss'), proportional: bytes('Pss') };
}

function processorSecondsOf(pid: number): number {
  // After the name, in brackets: state is the first; user and system time are the twelfth and the thirteenth.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
