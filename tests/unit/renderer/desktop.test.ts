/** The page's side of the bridge: nothing reaches a component that is not as the contract says. */
import { describe, expect, test, vi } from 'vitest';
import type { DesktopAnswer, DesktopBridge, DesktopInfo } from '../../../contract/desktop.ts';
import { connectDesktop, DesktopError } from '../../../renderer/desktop.ts';

const INFO: DesktopInfo = {
  version: '0.1.0',
  platform: 'linux',
  electron: '22.3.25',
  keyStore: { available: true, name: 'GNOME Keyring' },
  demo: false,
  language: 'de',
  canStartAtLogin: true,
};

function bridgeOf(answers: Readonly<Record<string, DesktopAnswer>>) {
  const listeners = new Map<string, (payload: unknown) => void>();
  const bridge: DesktopBridge = {
    request: async (name) => answers[name] ?? { ok: false, code: 'unknown_request', message: name },
    on: (name, listener) => {
      listeners.set(name, listener);
      return () => listeners.delete(name);
    },
  };
  return { bridge, tell: (name: string, payload: unknown) => listeners.get(name)?.(payload) };
}

const info: DesktopAnswer = { ok: true, value: INFO };

describe('connecting', () => {
  test('a shell tells who it is', async () => {
    expect((await connectDesktop(bridgeOf({ info }).bridge))?.info).toEqual(INFO);
  });

  test.each([
    ['refuses', { ok: false, code: 'internal', message: 'no' } as DesktopAnswer],
    ['answers something else', { ok: true, value: { version: 7 } } as DesktopAnswer],
  ])('a shell that %s leaves a page as in a browser', async (_name, answer) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(await connectDesktop(bridgeOf({ info: answer }).bridge)).toBeNull();
    warn.mockRestore();
  });
});

describe('asking', () => {
  test('a refusal keeps its code', async () => {
    const refusal: DesktopAnswer = { ok: false, code: 'no_key_store', message: 'There is none.' };
    const desktop = await connectDesktop(bridgeOf({ info, saveSecret: refusal }).bridge);
    const asked = desktop?.ask('saveSecret', { name: 'network.token', value: 'x' });
    await expect(asked).rejects.toThrow(DesktopError);
    await expect(asked).rejects.toMatchObject({ code: 'no_key_store', message: 'There is none.' });
  });

  test('an answer of another shape is a refusal', async () => {
    const desktop = await connectDesktop(bridgeOf({ info, getPreferences: { ok: true, value: {} } }).bridge);
    await expect(desktop?.ask('getPreferences', null)).rejects.toMatchObject({ code: 'unexpected_answer' });
  });
});

test('an event of another shape is not passed on', async () => {
  const { bridge, tell } = bridgeOf({ info });
  const desktop = await connectDesktop(bridge);
  const heard: unknown[] = [];
  desktop?.on('update', (update) => heard.push(update));
  tell('update', { kind: 'half' });
  tell('update', { kind: 'checking' });
  expect(heard).toEqual([{ kind: 'checking' }]);
});
