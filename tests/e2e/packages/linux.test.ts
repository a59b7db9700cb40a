/**
 * The Linux packages as people meet them: what is in them, that they install and start, that ComfyUI wakes in the demo, that Quit leaves nothing.
 * Nothing attaches to the shell: the fuses of a package refuse that, which is tested too.
 */
import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StatusSchema } from '../../../contract/status.ts';
import { type DesktopSession, startDesktopSession } from '../../support/desktop-session.ts';
import { serveTrayWatcher } from '../../support/desktop-tray.ts';
import { until } from '../../support/until.ts';
import { type InstalledStoker, startInstalled } from './installed-stoker.ts';
import { type MadePackages, makePackages, run } from './made-packages.ts';
import {
  developmentPackages,
  filesIn,
  fusesOf,
  npmPackages,
  programKind,
  readAsar,
  WANTED_FUSES,
} from './package-content.ts';

let made: MadePackages;
/** The .deb, unpacked. */
let tree: string;
beforeAll(() => {
  made = makePackages('linux');
  tree = join(made.scratch, 'deb');
  run('dpkg-deb', '--raw-extract', made.package('.deb'), tree);
});
afterAll(() => made.remove());

let session: DesktopSession;
const openDesktop = async (): Promise<void> => {
  session = await startDesktopSession();
  await serveTrayWatcher(session.sessionBus);
};
afterEach(() => session?.close());

describe('what is in the .deb', () => {
  const application = (): string => join(tree, 'opt/Stoker');
  const engine = (): string => join(application(), 'resources/engine');

  it('the archive holds the shell and its pictures, and no dependency', () => {
    const { paths, text } = readAsar(join(application(), 'resources/app.asar'));
    expect(new Set(paths.map((path) => path.split('/')[0]))).toEqual(
      new Set(['LICENSE', 'dist', 'package.json', 'resources']),
    );
    expect(paths).toContain('dist/electron/main.cjs');
    expect(paths.filter((path) => path.endsWith('.map'))).toEqual([]);
    const manifest = JSON.parse(text('package.json'));
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
  });

  it('the engine comes with what it needs at run time, and nothing of development', () => {
    const files = filesIn(engine());
    expect(files).toContain('dist/cli/main.js');
    expect(files).toContain('dist/simulator/comfyui.js');
    expect(files).toContain('dist/renderer/index.html');
    expect(files).toContain('dist/extension/stoker.js');
    expect(files.filter((path) => /\.map$|\.d\.ts$/.test(path))).toEqual([]);
    expect(files.filter((path) => path.endsWith('.node'))).toEqual([
      'node_modules/@photostructure/sqlite/prebuilds/linux-x64/@photostructure+sqlite.glibc.node',
    ]);
    const modules = npmPackages(filesIn(join(engine(), 'node_modules')));
    expect(modules).toContain('fastify');
    const development = developmentPackages();
    expect(development).toContain('electron');
    expect([...modules].filter((name) => development.has(name))).toEqual([]);
  });

  it('the engine has a Node of its own, newer than what the project needs', () => {
    const node = join(engine(), 'node/bin/node');
    expect(programKind(readFileSync(node).subarray(0, 64))).toBe('linux x64');
    const [major] = run(node, '--version').slice(1).split('.');
    expect(Number(major)).toBeGreaterThanOrEqual(22);
  });

  it('the program refuses to be Node, to be debugged, and to load anything but its archive', async () => {
    expect(await fusesOf(readFileSync(join(application(), 'stoker-desktop')))).toMatchObject(WANTED_FUSES);
  });

  it('the menu entry is valid, opens stoker:// links and names the window it belongs to', () => {
    const entry = join(tree, 'usr/share/applications/stoker-desktop.desktop');
    run('desktop-file-validate', entry);
    const lines = readFileSync(entry, 'utf8').split('\n');
    expect(lines).toContain('MimeType=x-scheme-handler/stoker;');
    expect(lines).toContain('Categories=Graphics;');
    expect(lines).toContain('StartupWMClass=stoker-desktop');
    expect(lines).toContain('Exec=/opt/Stoker/stoker-desktop %U');
    expect(existsSync(join(tree, 'usr/share/icons/hicolor/256x256/apps/stoker-desktop.png'))).toBe(true);
  });

  it('the sizes of the parts are told', () => {
    const [linux] = made.sizes();
    expect(linux?.target).toBe('linux-x64');
    expect(Object.keys(linux?.parts ?? {})).toEqual(['electron', 'node', 'engine', 'page', 'simulator', 'shell']);
    for (const bytes of Object.values(linux?.parts ?? {})) expect(bytes).toBeGreaterThan(0);
  });
});

/** From the icon in the panel to ComfyUI and back to nothing. */
async function wakesAndQuits(stoker: InstalledStoker): Promise<void> {
  const { url, program } = await stoker.engine();
  expect(program).toMatch(/\/resources\/engine\/node\/bin\/node$/);
  await expect.poll(() => stoker.tray.tooltip()).toMatch(/^Stoker demo: Asleep/);
  await stoker.tray.click('Start ComfyUI');
  const status = async () => StatusSchema.parse(await (await fetch(`${url}/manager/status`)).json());
  await expect.poll(async () => (await status()).state).toBe('running');
  const stats = (await (await fetch(`${url}/system_stats`)).json()) as { system: { comfyui_version: string } };
  expect(stats.system.comfyui_version).toMatch(/\d/);
  await stoker.tray.click('Quit Stoker');
  await until(() => session.processes().length === 0, 60_000);
}

const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

describe('the .deb', () => {
  const isInstalled = (): boolean => existsSync('/opt/Stoker');
  const mayInstall = process.getuid?.() === 0 && !isInstalled();
  afterEach(() => {
    if (mayInstall && isInstalled()) run('dpkg', '--purge', 'stoker');
  });

  it('installs, starts, wakes the demo and leaves no process after Quit', async () => {
    let program = join(tree, 'opt/Stoker/stoker-desktop');
    if (mayInstall) {
      run('apt-get', 'install', '--yes', '--quiet', '--no-install-recommends', made.package('.deb'));
      program = '/usr/bin/stoker-desktop';
    }
    await openDesktop();
    // What would turn the shell into a plain Node, or load a stranger's code into it, if its fuses let it.
    const mark = join(session.folder, 'loaded-by-the-shell');
    const stranger = join(session.folder, 'stranger.cjs');
    writeFileSync(
      stranger,
      `if (process.versions.electron) require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`,
    );
    const stoker = await startInstalled(session, [program, ...asRoot, '--inspect=0'], {
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: `--require=${stranger}`,
    });
    await wakesAndQuits(stoker);
    expect(existsSync(mark)).toBe(false);
    expect(stoker.output()).not.toContain('Debugger listening');
    if (mayInstall) {
      run('dpkg', '--purge', 'stoker');
      expect(isInstalled()).toBe(false);
      expect(existsSync('/usr/bin/stoker-desktop')).toBe(false);
    }
  });
});

describe('the AppImage', () => {
  it('starts without being installed, wakes the demo and leaves no process after Quit', async () => {
    await openDesktop();
    const image = join(session.folder, 'Stoker.AppImage');
    cpSync(made.package('.AppImage'), image);
    chmodSync(image, 0o755);
    // Where it cannot mount itself, as in a container, it unpacks itself.
    const stoker = await startInstalled(session, [image, ...asRoot], {
      APPIMAGE_EXTRACT_AND_RUN: '1',
      TMPDIR: session.folder,
    });
    await wakesAndQuits(stoker);
  });
});
