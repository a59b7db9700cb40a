/** The shell's rows of quality.md: launch, memory, processor time at rest, size of the packages. The demo stands for ComfyUI. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../gateway/rounds.ts';
import type { TableRow } from '../table.ts';
import { type Memory, startShell } from './shell-under-measure.ts';

const MIB = 1024 * 1024;
const FIRST_WINDOW_BAR_MS = 1500;
const RESTING_MEMORY_BAR = 150 * MIB;
const RESTING_SHARE_BAR = 0.01;
const RESTING_SECONDS = 20;
/** After a window came, until pages are drawn and caches filled. */
const SETTLE_MS = 8000;
const PACKAGES = 'dist/packages';

export interface MeasureOptions {
  readonly rounds: number;
  readonly say: (line: string) => void;
}

export async function measureDesktop({ rounds, say }: MeasureOptions): Promise<TableRow[]> {
  say('measuring launch');
  const launch = await launchRow(rounds);
  say('measuring memory and processor time without a window');
  const resting = await restingRows();
  const windows: TableRow[] = [];
  for (const [what, link] of [
    ['dashboard window', 'stoker://dashboard'],
    ['ComfyUI window', 'stoker://comfyui'],
  ] as const) {
    say(`measuring memory with the ${what}`);
    windows.push(await windowRow(`memory, ${what}`, link));
  }
  return [...launch, ...resting, ...windows, ...packageRows()];
}

async function launchRow(rounds: number): Promise<TableRow[]> {
  const windows: number[] = [];
  const icons: number[] = [];
  // The first one fills the caches of the system.
  for (let round = 0; round <= rounds; round += 1) {
    const shell = await startShell(['--demo', '--port', '0']);
    try {
      const icon = shell.untilTrayIcon();
      const windowMs = await shell.untilWindow();
      const iconMs = await icon;
      if (round > 0) {
        windows.push(windowMs);
        icons.push(iconMs);
      }
    } finally {
      await shell.close();
    }
  }
  const windowMs = median(windows);
  return [
    {
      what: 'launch to first window',
      figures: { stoker: `${Math.round(windowMs)} ms` },
      bar: `< ${FIRST_WINDOW_BAR_MS} ms`,
      result: `${windows.map(Math.round).join(', ')} ms`,
      verdict: windowMs < FIRST_WINDOW_BAR_MS ? 'yes' : 'no',
    },
    shown('launch to tray icon', `${Math.round(median(icons))} ms`, ''),
  ];
}

async function restingRows(): Promise<TableRow[]> {
  const shell = await startShell(['--demo', '--port', '0', '--at-login']);
  try {
    await shell.untilTrayIcon();
    await pause(SETTLE_MS);
    const share = await shell.processorShare(RESTING_SECONDS);
    const memory = shell.memory();
    return [
      {
        what: 'memory, no window',
        figures: { stoker: mebibytes(memory.residentBytes) },
        bar: `< ${mebibytes(RESTING_MEMORY_BAR)}`,
        result: memoryWords(memory),
        verdict: memory.residentBytes < RESTING_MEMORY_BAR ? 'yes' : 'no',
      },
      {
        what: 'processor at rest, no window',
        figures: { stoker: percent(share) },
        bar: `< ${percent(RESTING_SHARE_BAR)} of one core`,
        result: `over ${RESTING_SECONDS} s`,
        verdict: share < RESTING_SHARE_BAR ? 'yes' : 'no',
      },
    ];
  } finally {
    await shell.close();
  }
}

async function windowRow(what: string, link: string): Promise<TableRow> {
  const shell = await startShell(['--demo', '--port', '0', '--at-login']);
  try {
    await shell.untilTrayIcon();
    shell.open(link);
    await shell.untilWindow();
    await pause(SETTLE_MS);
    const memory = shell.memory();
    return shown(what, mebibytes(memory.residentBytes), memoryWords(memory));
  } finally {
    await shell.close();
  }
}

function packageRows(): TableRow[] {
  const folder = join(process.cwd(), PACKAGES);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter((name) => /\.(AppImage|deb|exe|zip|dmg)$/.test(name))
    .map((name) => shown(name, mebibytes(statSync(join(folder, name)).size), 'size'));
}

/** A figure without a bar. */
const shown = (what: string, figure: string, result: string): TableRow => ({
  what,
  figures: { stoker: figure },
  bar: '',
  result,
  verdict: 'yes',
});

const memoryWords = ({ processes, proportionalBytes }: Memory): string =>
  `${processes} processes; shared pages counted once: ${mebibytes(proportionalBytes)}`;
const mebibytes = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
