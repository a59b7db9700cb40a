/**
 * Entry of the desktop shell: what must be settled before Electron is ready (its own folder, one instance, drawing), then shell.ts
 * puts the rooms together.
 */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import ElectronStore from 'electron-store';
import type { LinkTarget } from '../contract/desktop.ts';
import { shellWords } from '../strings/shell-words.ts';
import { createLog } from './bounded-file.ts';
import { type FolderFacts, findDataFolder } from './engine/data-folder.ts';
import { parseArguments } from './lifecycle/arguments.ts';
import { watchCrashes } from './lifecycle/crash.ts';
import { readCardSize, usesAcceleration } from './lifecycle/hardware-acceleration.ts';
import { takeSingleInstance } from './lifecycle/single-instance.ts';
import { chooseLanguage, createPreferences } from './preferences.ts';
import { runShell } from './shell.ts';
import { refuseDebugging } from './windows/debugging-switches.ts';

const args = parseArguments(process.argv.slice(1));
const facts: FolderFacts = { platform: process.platform, environment: process.env, home: homedir() };
// Beside the engine's data: shells of two data folders run apart, with preferences and windows of their own.
const shellFolder = join(findDataFolder(args.dataDir, facts, false), 'shell');

function begin(): void {
  try {
    mkdirSync(shellFolder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { engine, gaveUp } = shellWords(chooseLanguage('system', [app.getLocale()])).shell;
    dialog.showErrorBox(
      gaveUp.title,
      engine.folderUnusable(shellFolder, error instanceof Error ? error.message : `${error}`),
    );
    app.exit(1);
    return;
  }
  app.setPath('userData', shellFolder);
  // Windows shows notifications of an application it knows by this name (electron-builder.yml) alone.
  app.setAppUserModelId('stoker.desktop');
  const log = createLog(join(shellFolder, 'shell.log'));
  watchCrashes({ log, exit: (code) => app.exit(code) });
  refuseDebugging(app, process.env, log);

  let open = (_target: LinkTarget | null): void => undefined;
  const earlyLinks: (LinkTarget | null)[] = [];
  if (!takeSingleInstance({ args, onOpen: (target) => (app.isReady() ? open(target) : earlyLinks.push(target)) })) {
    app.exit(0);
    return;
  }

  const preferences = createPreferences({
    file: join(shellFolder, 'preferences.json'),
    open: () => new ElectronStore<Record<string, unknown>>({ cwd: shellFolder, name: 'preferences' }),
    now: Date.now,
  });
  const cardFile = join(shellFolder, 'card.json');
  if (!usesAcceleration(preferences.get().hardwareAcceleration, readCardSize(cardFile))) {
    app.disableHardwareAcceleration();
  }

  void app.whenReady().then(() => {
    open = runShell({ args, facts, shellFolder, cardFile, preferences, log }).open;
    for (const target of earlyLinks) open(target);
  });
}

begin();
