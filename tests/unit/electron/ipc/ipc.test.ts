import { describe, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES, DESKTOP_REQUESTS } from '../../../../contract/desktop.ts';
import { EngineRefusal } from '../../../../electron/engine/engine-link.ts';
import { createAnswerer, type DesktopHandlers, isOurPage } from '../../../../electron/ipc/answer-requests.ts';
import { createHandlers, type HandlerDeps } from '../../../../electron/ipc/handlers.ts';
import { shellWords } from '../../../../strings/en/shell.ts';

const engineUrl = 'http://127.0.0.1:8188';
const page = { isDashboardMainFrame: true, url: `${engineUrl}/manager/settings` };

function createScene(changes: Partial<DesktopHandlers> = {}, url: string | null = engineUrl) {
  const called: unknown[] = [];
  const log: string[] = [];
  const handlers = Object.fromEntries(
    Object.keys(DESKTOP_REQUESTS).map((name) => [
      name,
      (input: unknown) => {
        called.push([name, input]);
        return null;
      },
    ]),
  ) as unknown as DesktopHandlers;
  const answer = createAnswerer({
    handlers: { ...handlers, ...changes },
    engineUrl: () => url,
    log: (line) => log.push(line),
  });
  return { answer, called, log };
}

describe('a page is ours', () => {
  it.each([`${engineUrl}/manager`, `${engineUrl}/manager/`, `${engineUrl}/manager/settings?x#y`])('%s', (url) => {
    expect(isOurPage(url, engineUrl)).toBe(true);
  });

  it.each([
    `${engineUrl}/`,
    `${engineUrl}/managers`,
    `${engineUrl}/view?x=/manager`,
    `${engineUrl}/manager/../view`,
    'http://127.0.0.1:8189/manager',
    'http://localhost:8188/manager',
    'https://127.0.0.1:8188/manager',
    'http://127.0.0.1:8188@evil.example/manager',
    'http://user:pass@127.0.0.1:8188/manager',
    'file:///manager',
    'data:text/html,/manager',
    'about:blank',
    '',
  ])('but not %s', (url) => {
    expect(isOurPage(url, engineUrl)).toBe(false);
  });
});

describe('a request of the dashboard window', () => {
  it('is answered with a value', async () => {
    const { answer } = createScene({ getPreferences: () => DEFAULT_PREFERENCES });
    expect(await answer(page, 'getPreferences', null)).toEqual({ ok: true, value: DEFAULT_PREFERENCES });
  });

  it('is refused from every other frame, window, page, and while no engine is known', async () => {
    const senders = [
      { ...page, isDashboardMainFrame: false },
      { ...page, url: `${engineUrl}/` },
      { ...page, url: 'https://evil.example/manager' },
    ];
    const { answer, called, log } = createScene();
    for (const sender of senders) {
      expect(await answer(sender, 'openComfyui', null)).toMatchObject({ ok: false, code: 'not_allowed' });
    }
    expect(await createScene({}, null).answer(page, 'openComfyui', null)).toMatchObject({ code: 'not_allowed' });
    expect(called).toEqual([]);
    expect(log).toHaveLength(3);
  });

  it.each(['quit', 'toString', '__proto__', 'constructor', '', 7, null, undefined, {}])(
    'is refused when there is none of that name: %j',
    async (name) => {
      const { answer, called } = createScene();
      expect(await answer(page, name, null)).toMatchObject({ ok: false, code: 'not_found' });
      expect(called).toEqual([]);
    },
  );

  it('is refused when it holds what the contract does not allow, which is not repeated', async () => {
    const { answer, called, log } = createScene();
    const wrong = { name: 'network.token', value: 'planted-secret-value', storage: 'planted-secret-value' };
    const answered = await answer(page, 'saveSecret', wrong);
    expect(answered).toEqual({ ok: false, code: 'invalid_request', message: 'The request is not valid: storage.' });
    expect(await answer(page, 'switchDemo', 'yes')).toMatchObject({ code: 'invalid_request' });
    expect(await answer(page, 'info', { anything: 1 })).toMatchObject({ code: 'invalid_request' });
    expect(called).toEqual([]);
    expect(log.join()).not.toContain('planted-secret-value');
  });

  it('hears the engine’s own refusal, and of a fault no more than its words', async () => {
    const refused = createScene({
      restartEngine: () => {
        throw new EngineRefusal('work_in_progress', 'It works.');
      },
    });
    expect(await refused.answer(page, 'restartEngine', null)).toEqual({
      ok: false,
      code: 'work_in_progress',
      message: 'It works.',
    });
    const broken = createScene({ info: () => ({ version: 1 }) as never });
    expect(await broken.answer(page, 'info', null)).toMatchObject({ ok: false, code: 'internal' });
  });
});

describe('what the requests do', () => {
  function handlersWith(changes: Partial<HandlerDeps> = {}) {
    const set: boolean[] = [];
    let preferences = DEFAULT_PREFERENCES;
    const handlers = createHandlers({
      preferences: {
        get: () => preferences,
        change: (patch) => {
          preferences = { ...preferences, ...patch } as typeof preferences;
          return preferences;
        },
        onChange: () => () => undefined,
        keptAside: null,
      },
      loginItem: { possible: true, set: (on) => void set.push(on) },
      engineDeeds: { restart: async () => true, switchDemo: async () => true },
      words: () => shellWords,
      ...changes,
    } as HandlerDeps);
    return { handlers, set, current: () => preferences };
  }

  it('start at login is set in the system first, and only when it changes', () => {
    const { handlers, set } = handlersWith();
    expect(handlers.changePreferences({ startAtLogin: true })).toMatchObject({ restartNeeded: false });
    handlers.changePreferences({ startAtLogin: true, appearance: 'dark' });
    expect(set).toEqual([true]);
  });

  it('start at login that the system refuses is not saved', () => {
    const refusing = {
      possible: true,
      set: () => {
        throw new Error('read-only file system');
      },
    };
    const { handlers, current } = handlersWith({ loginItem: refusing });
    expect(() => handlers.changePreferences({ startAtLogin: true })).toThrow(/read-only file system/);
    expect(current().startAtLogin).toBe(false);
  });

  it('a change that counts from the next start of the shell says so', () => {
    const { handlers } = handlersWith();
    expect(handlers.changePreferences({ hardwareAcceleration: 'off' })).toMatchObject({ restartNeeded: true });
  });

  it('a restart that the user called off is refused', async () => {
    const { handlers } = handlersWith({ engineDeeds: { restart: async () => false, switchDemo: async () => false } });
    await expect(handlers.restartEngine(null)).rejects.toMatchObject({ code: 'work_in_progress' });
    await expect(handlers.switchDemo({ demo: true })).rejects.toMatchObject({ code: 'work_in_progress' });
  });
});
