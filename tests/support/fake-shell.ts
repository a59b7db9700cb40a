/**
 * A stand-in for the desktop shell around the dashboard: `window.stokerDesktop` as the contract says it, put into a page before it loads.
 * Keeps preferences as a shell does; every other request is answered from a table or refused. Records what was asked.
 */
import type { Page } from 'playwright-core';
import {
  DEFAULT_PREFERENCES,
  DESKTOP_REQUESTS,
  type DesktopAnswer,
  type DesktopEvent,
  type DesktopInfo,
  DesktopInfoSchema,
  type DesktopRequest,
  type Preferences,
  PreferencesSchema,
} from '../../contract/desktop.ts';

export interface FakeShell {
  readonly info?: Partial<DesktopInfo>;
  readonly preferences?: Partial<Preferences>;
  /** What other requests answer; without an entry they answer null. */
  readonly answers?: Readonly<Partial<Record<DesktopRequest, DesktopAnswer>>>;
}

export interface Asked {
  readonly name: DesktopRequest;
  readonly input: unknown;
}

export const given = (value: unknown): DesktopAnswer => ({ ok: true, value });
export const refused = (code: string, message: string): DesktopAnswer => ({ ok: false, code, message });

/** What the page's own script sees of it. */
interface ShellWindow {
  asked: Asked[];
  tell: (name: DesktopEvent, payload: unknown) => void;
  setAnswer: (name: DesktopRequest, answer: DesktopAnswer) => void;
}

export async function installFakeShell(page: Page, shell: FakeShell): Promise<void> {
  const info = DesktopInfoSchema.parse({
    version: '0.1.0',
    platform: 'linux',
    electron: '22.3.25',
    keyStore: { available: true, name: 'GNOME Keyring' },
    demo: false,
    language: 'en',
    canStartAtLogin: true,
    ...shell.info,
  });
  const preferences = PreferencesSchema.parse({ ...DEFAULT_PREFERENCES, ...shell.preferences });
  const answers = { getUpdate: given({ kind: 'idle', checkedAt: null }), ...shell.answers, info: given(info) };
  const known = Object.keys(DESKTOP_REQUESTS);
  await page.addInitScript(
    ({ preferences: kept, answers: table, known: names }) => {
      let current = kept;
      const listeners: { name: string; listener: (payload: unknown) => void }[] = [];
      const own: ShellWindow = {
        asked: [],
        tell: (name, payload) => {
          for (const each of listeners) if (each.name === name) each.listener(payload);
        },
        setAnswer: (name, answer) => {
          (table as Record<string, DesktopAnswer>)[name] = answer;
        },
      };
      Object.assign(window, {
        fakeShell: own,
        stokerDesktop: {
          request: async (name: DesktopRequest, input: unknown): Promise<DesktopAnswer> => {
            if (!names.includes(name)) return { ok: false, code: 'unknown_request', message: name };
            if (name !== 'info') own.asked.push({ name, input });
            const answer = (table as Partial<Record<string, DesktopAnswer>>)[name];
            if (answer !== undefined) return answer;
            if (name === 'getPreferences') return { ok: true, value: current };
            if (name !== 'changePreferences') return { ok: true, value: null };
            current = { ...current, ...(input as Partial<typeof current>) };
            const restartNeeded = 'hardwareAcceleration' in (input as object);
            return { ok: true, value: { preferences: current, restartNeeded } };
          },
          on: (name: string, listener: (payload: unknown) => void) => {
            listeners.push({ name, listener });
            return () =>
              listeners.splice(
                listeners.findIndex((each) => each.listener === listener),
                1,
              );
          },
        },
      });
    },
    { preferences, answers, known },
  );
}

/** Requests so far, oldest first, but for what every page reads when it opens. */
export async function askedOf(page: Page): Promise<readonly Asked[]> {
  const all = await page.evaluate(() => (window as unknown as { fakeShell: ShellWindow }).fakeShell.asked);
  return all.filter(({ name }) => !name.startsWith('get'));
}

export function setShellAnswer(page: Page, name: DesktopRequest, answer: DesktopAnswer): Promise<void> {
  return page.evaluate(
    ([to, with_]) => (window as unknown as { fakeShell: ShellWindow }).fakeShell.setAnswer(to, with_),
    [name, answer] as const,
  );
}

export function tellPage(page: Page, name: DesktopEvent, payload: unknown): Promise<void> {
  return page.evaluate(
    ([event, value]) => (window as unknown as { fakeShell: ShellWindow }).fakeShell.tell(event, value),
    [name, payload] as const,
  );
}
