/**
 * Stoker on a test's desktop as a person has it: the shell with its tray icon, the engine it started, the demo's ComfyUI, and stand-ins for what a
 * desktop offers. `stopDesktops` in `afterEach` ends all of it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { DEFAULT_PREFERENCES, type Preferences } from '../../contract/desktop.ts';
import { type EngineLock, EngineLockSchema } from '../../contract/engine-lock.ts';
import { type Status, StatusSchema } from '../../contract/status.ts';
import { launchShell, type Shell, type ShellOptions } from './desktop-app.ts';
import {
  type Notifications,
  type Power,
  type SleepBlocks,
  serveNotifications,
  servePower,
  serveSleepBlocks,
} from './desktop-services.ts';
import { type DesktopSession, type SessionOptions, startDesktopSession } from './desktop-session.ts';
import { serveTrayWatcher, type TrayIcon, trayIconOf } from './desktop-tray.ts';
import { untilFound } from './until.ts';

export interface Stoker {
  readonly shell: Shell;
  readonly tray: TrayIcon;
  /** As the engine's lock tells; waits for it to listen. */
  engine(): Promise<EngineLock & { readonly url: string }>;
  status(): Promise<Status>;
  /** Resolves with the first status that is as wanted; rejects with the last one seen. */
  until(wanted: (status: Status) => boolean): Promise<Status>;
  /** To the engine, as any client would. */
  post(path: string, body?: unknown): Promise<Response>;
  /** The open window whose address is below the path, for example `/manager`; waits for it and for its page to be loaded. */
  window(path: string): Promise<Page>;
}

export interface Desktop {
  readonly session: DesktopSession;
  readonly notifications: Notifications;
  readonly power: Power;
  readonly sleepBlocks: SleepBlocks;
  /** The demo unless other words are given. Waits for the tray icon. */
  start(options?: StartOptions): Promise<Stoker>;
}

export interface StartOptions extends ShellOptions {
  /** Apart from these the shell begins as after the first run, and opens no window. Once for a desktop: later starts find what is there. */
  readonly preferences?: Partial<Preferences>;
}

export interface DesktopOptions extends SessionOptions {
  /** False where a real panel does it. */
  readonly servesTrayWatcher?: boolean;
}

export const DEMO = ['--demo', '--port', '0'] as const;

const open = new Set<DesktopSession>();

export async function stopDesktops(): Promise<void> {
  for (const session of [...open]) {
    open.delete(session);
    await session.close();
  }
}

export async function startDesktop(options: DesktopOptions = {}): Promise<Desktop> {
  const session = await startDesktopSession(options);
  open.add(session);
  if (options.servesTrayWatcher !== false) await serveTrayWatcher(session.sessionBus);
  return {
    session,
    notifications: await serveNotifications(session.sessionBus),
    power: await servePower(session.systemBus),
    sleepBlocks: await serveSleepBlocks(session.sessionBus),
    start: (startOptions = {}) => startStoker(session, startOptions),
  };
}

async function startStoker(session: DesktopSession, { preferences, ...options }: StartOptions): Promise<Stoker> {
  const folder = join(session.folder, 'engine-data/shell');
  const file = join(folder, 'preferences.json');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const quiet: Preferences = { ...DEFAULT_PREFERENCES, welcomeDone: true, openOnStart: 'nothing', ...preferences };
    writeFileSync(file, JSON.stringify(quiet));
  }
  const shell = await launchShell(session, { words: DEMO, ...options });
  const tray = await trayIconOf(session.sessionBus, shell.pid);
  const lockFile = join(shell.dataFolder, 'engine.lock');

  const engine: Stoker['engine'] = () =>
    untilFound(async () => {
      const lock = readLock(lockFile);
      return lock?.url ? { ...lock, url: lock.url } : null;
    }, 'an engine that listens');
  const status = async (): Promise<Status> =>
    StatusSchema.parse(await (await fetch(`${(await engine()).url}/manager/status`)).json());
  return {
    shell,
    tray,
    engine,
    status,
    async until(wanted) {
      let last: Status | undefined;
      const found = untilFound(
        async () => {
          last = await status().catch(() => undefined);
          return last !== undefined && wanted(last) ? last : null;
        },
        'a status as wanted',
        60_000,
      );
      return found.catch((error) => {
        throw new Error(`${error.message}; last: ${JSON.stringify(last, null, 1)}`);
      });
    },
    async post(path, body) {
      const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' } };
      return fetch((await engine()).url + path, { method: 'POST', ...json, body: JSON.stringify(body) });
    },
    async window(path) {
      const isWanted = (page: Page): boolean => {
        const { protocol, pathname } = new URL(page.url());
        return protocol === 'http:' && pathname.startsWith(path) && (path !== '/' || !pathname.startsWith('/manager'));
      };
      const page = await untilFound(
        async () => shell.electron.windows().find(isWanted) ?? null,
        `a window at ${path}, among ${shell.electron.windows().map((each) => each.url())}`,
        60_000,
      );
      await page.waitForLoadState();
      return page;
    },
  };
}

/** What the shell asked in dialogs of the system, and what a person answers; a stand-in for the dialog itself. */
export async function answerDialogs({ shell }: Stoker, label: string): Promise<() => Promise<string[]>> {
  await shell.electron.evaluate(({ dialog }, wanted) => {
    const asked: string[] = [];
    Object.assign(globalThis, { askedInTest: asked });
    dialog.showMessageBox = async (...words: unknown[]) => {
      const options = words[words.length - 1] as Electron.MessageBoxOptions;
      asked.push([options.message, options.detail].filter(Boolean).join('\n'));
      const buttons = (options.buttons ?? []).map((each) => each.replace(/&/g, ''));
      return { response: buttons.findIndex((each) => each.startsWith(wanted)), checkboxChecked: false };
    };
  }, label);
  return () => shell.electron.evaluate(() => (globalThis as unknown as { askedInTest: string[] }).askedInTest);
}

function readLock(file: string): EngineLock | null {
  try {
    return EngineLockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
