import { describe, expect, test } from 'vitest';
import { isBrowserWindow, programName } from '../../../../../engine/supervisor/processes/browsers.ts';

describe('programName', () => {
  test.each([
    ['/usr/bin/firefox http://127.0.0.1:8188', 'firefox'],
    ['/bin/sh /usr/bin/xdg-open http://127.0.0.1:8188', 'xdg-open'],
    ['/bin/bash -c "exec firefox"', 'bash'],
    ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome --foo', 'google chrome'],
    ['"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" --single-argument http://x', 'chrome'],
    ['C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe --x', 'msedge'],
    ['C:\\Python\\python.exe main.py C:\\chrome.exe', 'python'],
    ['python main.py', 'python'],
    ['', ''],
  ])('%s is %j', (command, name) => {
    expect(programName(command)).toBe(name);
  });
});

describe('isBrowserWindow', () => {
  test.each([
    '/usr/lib/firefox-esr/firefox-esr http://127.0.0.1:8188',
    '/opt/google/chrome/chrome --password-store=basic http://127.0.0.1:8188',
    '/opt/google/chrome/chrome_crashpad_handler --monitor-self',
    '/snap/firefox/4336/usr/lib/firefox/firefox',
    '/Applications/Brave Browser.app/Contents/MacOS/Brave Browser',
    '"C:\\Program Files\\Mozilla Firefox\\firefox.exe" -osint -url http://127.0.0.1:8188/',
  ])('%s is one', (command) => {
    expect(isBrowserWindow(command)).toBe(true);
  });

  test.each([
    '/opt/ComfyUI/venv/bin/python main.py --output-directory /home/me/firefox',
    '/usr/bin/python3 /usr/bin/chromium',
    '/home/me/chrome/python train.py',
    '/usr/bin/chromium --headless=new --remote-debugging-pipe',
    '/usr/bin/firefox -headless -screenshot',
    '/opt/google/chrome/chrome --type=renderer --lang=de',
    '/usr/lib/firefox/firefox -contentproc -childID 3',
    'node /usr/lib/node_modules/chrome-launcher/index.js',
  ])('%s is none', (command) => {
    expect(isBrowserWindow(command)).toBe(false);
  });
});
