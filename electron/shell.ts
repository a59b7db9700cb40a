/** Puts the rooms of the shell together once Electron is ready. Decides nothing that a room could decide. */
import { join } from 'node:path';
import { app, nativeTheme, safeStorage, shell } from 'electron';
import type { LinkTarget } from '../contract/desktop.ts';
import { version } from '../package.json';
import { type AllShellWords, shellWords } from '../strings/shell-words.ts';
import { findResources } from './desktop-resources.ts';
import { type FolderFacts, namedDataFolder } from './engine/data-folder.ts';
import type { EngineLink } from './engine/engine-link.ts';
import { createShellEngine, type EngineWish } from './engine/shell-engine.ts';
import { createAnswerer } from './ipc/answer-requests.ts';
import { createGalleryFiles } from './ipc/gallery-files.ts';
import { createHandlers } from './ipc/handlers.ts';
import { registerIpc } from './ipc/register.ts';
import { createKeyStore } from './keychain/key-store.ts';
import { createSecretKeeper } from './keychain/secret-keeper.ts';
import type { ShellArguments } from './lifecycle/arguments.ts';
import { createEngineDeeds } from './lifecycle/engine-deeds.ts';
import { firstPage } from './lifecycle/first-page.ts';
import { rememberCardSize } from './lifecycle/hardware-acceleration.ts';
import { createPower } from './lifecycle/power.ts';
import { chooseFolder, createQuestions, tellProblem } from './lifecycle/questions.ts';
import { createQuit } from './lifecycle/quit.ts';
import { relaunchOptions } from './lifecycle/relaunch.ts';
import { watchSessionEnd } from './lifecycle/session-end.ts';
import { createLoginItem } from './login-item/create.ts';
import { createNotifications } from './notifications/notifications.ts';
import { chooseLanguage, type PreferenceStore } from './preferences.ts';
import type { ShellDeeds } from './shell-deeds.ts';
import { createTray } from './tray/tray.ts';
import { createUpdates } from './updates/updates.ts';
import { createWindows } from './windows/windows.ts';

export interface ShellFacts {
  readonly args: ShellArguments;
  readonly facts: FolderFacts;
  readonly shellFolder: string;
  /** The size of the card, remembered for the next start. */
  readonly cardFile: string;
  readonly preferences: PreferenceStore;
  readonly log: (line: string) => void;
}

export interface Shell {
  /** For a link or a second start; null: no page in particular. */
  open(target: LinkTarget | null): void;
}

/** After `app.whenReady()`. */
export function runShell({ args, facts, shellFolder, cardFile, preferences, log }: ShellFacts): Shell {
  const { platform, environment, home } = facts;
  const language = () => chooseLanguage(preferences.get().language, systemLanguages());
  const words = (): AllShellWords => shellWords(language());
  const questions = createQuestions(() => words().shell);
  const wish: EngineWish = { demo: args.demo, port: args.port };

  const keyStoreFile = join(shellFolder, 'secrets.json');
  const keyStore = createKeyStore({ encryption: safeStorage, platform, environment, file: keyStoreFile });
  const secrets = createSecretKeeper({
    keyStore,
    send: (method, path, body) => link.send(method, path, body),
    words: () => words().shell,
    tellProblem: (message) => deeds.tellProblem(words().shell.problems.title, message),
  });
  const engine = createShellEngine({
    facts,
    dataDir: args.dataDir,
    wish,
    shellFolder,
    bundleFolder: __dirname,
    secrets,
    words: () => words().shell.engine,
    log,
  });
  const { host } = engine;
  const link: EngineLink = host.link;

  const deeds: ShellDeeds = {
    open: (target) => (target === 'comfyui' ? windows.openComfyui() : windows.openDashboard(target)),
    quit: () => quit.ask(),
    retryEngine: host.retry,
    tellProblem,
  };
  const resources = findResources(__dirname);
  const windows = createWindows({
    link,
    preferences: preferences.get,
    words: () => words().windows,
    dataFolder: shellFolder,
    preloadFile: join(__dirname, 'preload.cjs'),
    noticeFile: join(resources, 'notice.html'),
    iconFile: platform === 'darwin' ? null : join(resources, 'icon.png'),
    token: engine.token,
    deeds,
    log,
  });
  const tray = createTray({
    link,
    deeds,
    preferences,
    words: () => words().tray,
    iconFolder: join(resources, 'tray'),
  });
  const power = createPower({ link, preferences, log });
  const notifications = createNotifications({
    link,
    deeds,
    preferences,
    words: () => words().notifications,
    comfyuiFocused: windows.isComfyuiFocused,
    log,
  });
  const updates = createUpdates({
    link,
    preferences,
    words: () => words().updates,
    endForUpdate: (install) => quit.now(install),
    log,
  });

  const joiners = [
    { name: 'updates', limitMs: 1_000, end: updates.dispose },
    { name: 'notifications', limitMs: 1_000, end: notifications.dispose },
    { name: 'power', limitMs: 1_000, end: power.dispose },
    { name: 'the windows', limitMs: 5_000, end: windows.destroyAll },
    { name: 'the tray', limitMs: 1_000, end: tray.dispose },
    { name: 'the engine link', limitMs: 1_000, end: host.close },
  ];
  const quit = createQuit({
    link,
    endEngine: host.end,
    askAboutWork: questions.aboutQuitting,
    closeWindows: windows.closeAll,
    onStay() {
      // Without an icon and a window nobody would find it again.
      if (!preferences.get().showTrayIcon && !windows.anyOpen()) deeds.open('dashboard');
    },
    joiners,
    exit: () => app.exit(0),
    log,
  });
  const engineDeeds = createEngineDeeds({ host, wish, questions, windows, quit: () => quit.ask() });

  const loginItem = createLoginItem(
    {
      platform,
      environment,
      home,
      packaged: app.isPackaged,
      program: process.execPath,
      appFolder: app.getAppPath(),
      dataFolder: namedDataFolder(args.dataDir, facts),
    },
    app,
    () => words().shell.loginComment,
  );
  const handlers = createHandlers({
    info: () => ({
      version,
      platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux',
      electron: process.versions.electron ?? '',
      keyStore: { available: keyStore.available(), name: keyStore.name() },
      demo: link.status()?.engine.demo ?? wish.demo,
      language: language(),
      canStartAtLogin: loginItem.possible,
    }),
    preferences,
    loginItem,
    secrets,
    chooseFolder,
    galleryFiles: createGalleryFiles({
      link,
      showInFolder: (path) => shell.showItemInFolder(path),
      moveToTrash: (path) => shell.trashItem(path),
    }),
    engineDeeds,
    openComfyui: windows.openComfyui,
    restartShell() {
      // The engine goes on, and the next shell attaches to it.
      const options = relaunchOptions({ words: process.argv.slice(1), environment, demo: wish.demo });
      quit.withoutEngine(() => {
        app.relaunch(options);
        app.exit(0);
      });
    },
    updates,
    words: () => words().shell,
  });
  const ipc = registerIpc({
    answer: createAnswerer({ handlers, engineUrl: link.url, log }),
    dashboard: windows.dashboardFrame,
  });

  function applyPreferences(): void {
    nativeTheme.themeSource = preferences.get().appearance;
    windows.showWords();
  }
  applyPreferences();
  preferences.onChange(() => {
    applyPreferences();
    ipc.tell('preferences', preferences.get());
  });
  updates.onChange(() => ipc.tell('update', updates.state()));
  link.onChange(() => rememberCardSize(cardFile, link.status()));

  app.on('before-quit', (event) => {
    if (quit.phase() === 'gone') return;
    event.preventDefault();
    quit.ask();
  });
  // Kept alive without windows: the tray icon is there, or the question about work is open.
  app.on('window-all-closed', () => undefined);
  windows.onAllClosed(() => {
    if (!preferences.get().showTrayIcon && quit.phase() === 'running') quit.ask();
  });
  watchSessionEnd(() => quit.now());
  app.on('activate', () => open(null));

  const open = (target: LinkTarget | null): void => {
    deeds.open(target ?? (preferences.get().openOnStart === 'comfyui' ? 'comfyui' : 'dashboard'));
  };
  const first = firstPage({
    args,
    preferences: preferences.get(),
    startedByLogin: args.atLogin || (platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin),
  });
  if (first !== null) deeds.open(first);
  if (preferences.keptAside !== null) {
    const { problems } = words().shell;
    deeds.tellProblem(problems.title, problems.preferences(preferences.keptAside));
  }
  void engine.start();
  quit.started();
  return { open };
}

/** Best first. Electron 22 has this only as a list of one. */
function systemLanguages(): string[] {
  return [...(app.getPreferredSystemLanguages?.() ?? []), app.getLocale()];
}
