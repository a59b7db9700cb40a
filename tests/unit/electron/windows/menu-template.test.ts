/** Menus: what is there on each system, what each entry does, and that no two entries want the same key. */
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import type { PageKind } from '../../../../electron/windows/links.ts';
import { type MenuActions, menuTemplate } from '../../../../electron/windows/menu-template.ts';
import { windowsWords as german } from '../../../../strings/de/windows.ts';
import { windowsWords as english } from '../../../../strings/en/windows.ts';

type Item = MenuItemConstructorOptions;
const PLATFORMS = ['linux', 'win32', 'darwin'] as const;
const KINDS = ['comfyui', 'dashboard', null] as const;
const EVERY = PLATFORMS.flatMap((platform) => KINDS.map((kind) => ({ platform, kind })));

function build(platform: NodeJS.Platform, kind: PageKind | null, words = english) {
  const done: string[] = [];
  const actions: MenuActions = {
    openComfyui: () => done.push('openComfyui'),
    openDashboard: (target) => done.push(`openDashboard ${target}`),
    openInBrowser: () => done.push('openInBrowser'),
    openDownloads: () => done.push('openDownloads'),
    reload: (ignoringCache) => done.push(`reload ${ignoringCache}`),
    zoom: (step) => done.push(`zoom ${step}`),
    quit: () => done.push('quit'),
  };
  const template = menuTemplate({ platform, kind, words }, actions);
  return { template, done, items: template.flatMap((menu) => menu.submenu as Item[]) };
}

const labels = (items: readonly Item[]): string[] => items.flatMap(({ label }) => (label === undefined ? [] : [label]));

function click(items: readonly Item[], label: string): void {
  const item = items.find((candidate) => candidate.label === label);
  if (item?.click === undefined) throw new Error(`nothing to click: ${label}`);
  (item.click as () => void)();
}

describe('the menus', () => {
  test.each([
    ['linux', 'comfyui', ['File', 'Edit', 'View', 'Help']],
    ['win32', 'dashboard', ['File', 'Edit', 'View', 'Help']],
    ['darwin', 'comfyui', ['Stoker', 'File', 'Edit', 'View', 'Window', 'Help']],
    ['darwin', null, ['Stoker', 'File', 'Edit', 'Window', 'Help']],
  ] as const)('%s, %s: %j', (platform, kind, expected) => {
    expect(labels(build(platform, kind).template)).toEqual(expected);
  });

  test.each(PLATFORMS)(
    '%s: a person on ComfyUI has everything a browser tab has, and the way to the dashboard',
    (platform) => {
      const { items } = build(platform, 'comfyui');
      const { menu } = english;
      for (const label of [
        menu.openDashboard,
        menu.openInBrowser,
        menu.openDownloads,
        menu.reload,
        menu.forceReload,
        menu.actualSize,
        menu.zoomIn,
        menu.zoomOut,
        menu.fullScreen,
        menu.developerTools,
        menu.copy,
        menu.paste,
        menu.quit,
      ])
        expect(labels(items)).toContain(label);
    },
  );

  test('each entry does what it says', () => {
    const { items, done } = build('linux', 'comfyui');
    for (const label of ['Open Dashboard', 'Open in Browser', 'Show Downloads', 'Settings…', 'Quit Stoker', 'Reload'])
      click(items, label);
    for (const label of ['Reload without Cache', 'Actual Size', 'Zoom In', 'Zoom Out', 'Check the Installation'])
      click(items, label);
    click(items, 'Show the Log');
    click(build('linux', 'dashboard').items, 'Quit Stoker');
    expect(done).toEqual([
      'openDashboard dashboard',
      'openInBrowser',
      'openDownloads',
      'openDashboard settings',
      'quit',
      'reload false',
      'reload true',
      'zoom 0',
      'zoom 1',
      'zoom -1',
      'openDashboard doctor',
      'openDashboard logs',
    ]);
  });

  test('no window leads to itself', () => {
    expect(labels(build('linux', 'dashboard').items)).not.toContain('Open Dashboard');
    expect(labels(build('linux', 'comfyui').items)).not.toContain('Open ComfyUI');
  });

  test.each(EVERY)('$platform, $kind: a key means one thing', ({ platform, kind }) => {
    const keys = build(platform, kind).items.flatMap(({ accelerator }) =>
      accelerator === undefined ? [] : [accelerator],
    );
    expect(keys).toEqual([...new Set(keys)]);
  });

  test("ComfyUI's own settings key is left to it", () => {
    const settings = build('linux', 'comfyui').items.find(({ label }) => label === 'Settings…');
    expect(settings?.accelerator).toBeUndefined();
  });

  test('no key ends everything on Linux and Windows; on macOS it is the usual one', () => {
    const keyOfQuit = (platform: NodeJS.Platform) =>
      build(platform, 'comfyui').items.find(({ label }) => label === 'Quit Stoker')?.accelerator;
    expect([keyOfQuit('linux'), keyOfQuit('win32'), keyOfQuit('darwin')]).toEqual([undefined, undefined, 'Cmd+Q']);
  });

  test.each(EVERY)('$platform, $kind: every visible entry has its word in German', ({ platform, kind }) => {
    const inEnglish = build(platform, kind);
    const inGerman = build(platform, kind, german);
    const shared = ['Stoker', 'Downloads', 'CmdOrCtrl+=', 'F5'];
    const same = labels(inGerman.items).filter((label, index) => label === labels(inEnglish.items)[index]);
    expect(same.filter((label) => !shared.includes(label))).toEqual([]);
    expect(labels(inGerman.items)).toHaveLength(labels(inEnglish.items).length);
  });
});
