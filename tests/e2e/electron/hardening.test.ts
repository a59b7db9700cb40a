/** What the pages in our windows cannot do, tried from inside them on the real Electron. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtProgram } from '../../support/desktop-application.ts';
import { type ShellWindows, watchWindows } from '../../support/desktop-windows.ts';
import { type Stoker, startDesktop, stopDesktops } from '../../support/stoker-desktop.ts';

let stoker: Stoker;
let windows: ShellWindows;
const pages: { comfyui?: Page; dashboard?: Page } = {};

beforeAll(async () => {
  const desktop = await startDesktop();
  stoker = await desktop.start({
    preferences: { openOnStart: 'dashboard' },
    // A camera to be refused: without one the answer would be "not found".
    switches: ['--use-fake-device-for-media-stream'],
  });
  windows = await watchWindows(stoker);
  pages.dashboard = await stoker.window('/manager');
  pages.comfyui = await windows.openComfyui();
  await pages.comfyui.locator('[data-testid=queue-button]').waitFor();
});
afterAll(stopDesktops);

function page(kind: 'comfyui' | 'dashboard'): Page {
  const found = pages[kind];
  if (found === undefined) throw new Error(`the ${kind} window did not open`);
  return found;
}
const shellLog = (): string => readFileSync(join(stoker.shell.dataFolder, 'shell', 'shell.log'), 'utf8');

describe.each(['comfyui', 'dashboard'] as const)('the page in the %s window', (kind) => {
  it('has nothing of Node or Electron', async () => {
    const found = await page(kind).evaluate(() =>
      ['require', 'process', 'module', 'global', 'Buffer', 'electron', 'ipcRenderer', '__dirname'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(found).toEqual([]);
  });

  it('stays where it is: another site goes to the browser, a file or a program nowhere', async () => {
    const before = page(kind).url();
    const foreign = `https://example.com/${kind}`;
    await page(kind).evaluate((address) => {
      location.href = address;
    }, foreign);
    await expect.poll(() => windows.openedOutside()).toContain(foreign);
    for (const address of ['file:///etc/passwd', 'calculator:run']) {
      await page(kind).evaluate((target) => {
        location.href = target;
      }, address);
    }
    await expect.poll(shellLog).toContain('calculator:run');
    expect(page(kind).url()).toBe(before);
    expect(await windows.openedOutside()).not.toContain('calculator:run');
  });

  it('opens no window for another site', async () => {
    const before = (await windows.titles()).length;
    const opened = await page(kind).evaluate((name) => open(`https://example.com/window-${name}`) === null, kind);
    expect(opened).toBe(true);
    await expect.poll(() => windows.openedOutside()).toContain(`https://example.com/window-${kind}`);
    expect(await windows.titles()).toHaveLength(before);
  });

  it('gets no place, no notifications, no camera and no screen', async () => {
    const answers = await page(kind).evaluate(async () => ({
      place: await new Promise((answer) =>
        navigator.geolocation.getCurrentPosition(
          () => answer('given'),
          ({ code }) => answer(code),
        ),
      ),
      notifications: await Notification.requestPermission(),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'given',
        (error) => error.name,
      ),
      midi: await navigator.permissions.query({ name: 'midi' as PermissionName }).then(({ state }) => state),
    }));
    expect(answers).toEqual({ place: 1, notifications: 'denied', camera: 'NotAllowedError', midi: 'denied' });
  });

  it('embeds no webview', async () => {
    const made = await page(kind).evaluate(() => {
      const view = document.createElement('webview');
      view.setAttribute('src', 'https://example.com/');
      document.body.append(view);
      const isPlain = view instanceof HTMLElement && !('loadURL' in view) && !('executeJavaScript' in view);
      view.remove();
      return isPlain;
    });
    expect(made).toBe(true);
  });
});

describe('the bridge to the shell', () => {
  it('is absent in ComfyUI and has two entries in the dashboard', async () => {
    expect(await page('comfyui').evaluate(() => 'stokerDesktop' in window)).toBe(false);
    const shape = await page('dashboard').evaluate(() => {
      const { stokerDesktop } = window as unknown as { stokerDesktop: Record<string, unknown> };
      return Object.keys(stokerDesktop).toSorted?.() ?? Object.keys(stokerDesktop).sort();
    });
    expect(shape).toEqual(['on', 'request']);
  });

  it('is not there in a frame inside the dashboard', async () => {
    const found = await page('dashboard').evaluate(async () => {
      const frame = document.createElement('iframe');
      frame.src = '/system_stats';
      const loaded = new Promise((done) => frame.addEventListener('load', done));
      document.body.append(frame);
      await loaded;
      const inside = frame.contentWindow as Window;
      const answer = { shown: inside.location.pathname, hasBridge: 'stokerDesktop' in inside };
      frame.remove();
      return answer;
    });
    expect(found).toEqual({ shown: '/system_stats', hasBridge: false });
  });

  it('answers the dashboard, and refuses any other window, even one with the same preload at the same address', async () => {
    const ask = () =>
      (
        window as unknown as {
          stokerDesktop: { request(name: string, input: null): Promise<{ ok: boolean; code?: string }> };
        }
      ).stokerDesktop
        .request('info', null)
        .then(({ ok, code }) => (ok ? 'answered' : code));
    expect(await page('dashboard').evaluate(ask)).toBe('answered');
    const { url } = await stoker.engine();
    const foreign = await stoker.shell.electron.evaluate(
      async ({ BrowserWindow }, { preload, address, script }) => {
        const other = new BrowserWindow({ show: false, webPreferences: { preload, partition: 'persist:stoker' } });
        await other.loadURL(address);
        const answer = await other.webContents.executeJavaScript(`(${script})()`);
        other.destroy();
        return answer;
      },
      { preload: join(builtProgram(), 'electron/preload.cjs'), address: `${url}/manager`, script: ask.toString() },
    );
    expect(foreign).toBe('not_allowed');
  });
});

describe('the content policy of the dashboard', () => {
  it('runs no injected script, and the shell hears of it', async () => {
    const outcome = await page('dashboard').evaluate(async () => {
      const reported = new Promise<string>((done) =>
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => done(effectiveDirective)),
      );
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      const ran = 'injected' in window;
      return { directive: ran ? 'none' : await reported, ran };
    });
    expect(outcome).toEqual({ directive: 'script-src-elem', ran: false });
    await expect.poll(shellLog).toContain('Content policy:');
  });

  it('loads nothing from another address', async () => {
    let asked = 0;
    const other = createServer((_request, response) => {
      asked += 1;
      response.end('window.foreign = true');
    });
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    try {
      const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}/x.js`;
      const failed = await page('dashboard').evaluate(async (source) => {
        const script = document.createElement('script');
        script.src = source;
        const ended = new Promise((done) => {
          script.onerror = () => done('refused');
          script.onload = () => done('loaded');
        });
        document.body.append(script);
        return [
          await ended,
          await fetch(source).then(
            () => 'loaded',
            () => 'refused',
          ),
        ];
      }, address);
      expect(failed).toEqual(['refused', 'refused']);
      expect(asked).toBe(0);
    } finally {
      other.close();
    }
  });
});
