/** What each request of the dashboard window does. Decides little: preferences, key store, engine and windows are rooms of their own. */
import type { DesktopInfo, Preferences, PreferencesPatch, UpdateState } from '../../contract/desktop.ts';
import type { ShellWords } from '../../strings/en/shell.ts';
import { EngineRefusal } from '../engine/engine-link.ts';
import type { SecretKeeper } from '../keychain/secret-keeper.ts';
import type { EngineDeeds } from '../lifecycle/engine-deeds.ts';
import type { LoginItem } from '../login-item/login-item.ts';
import { needsRestart, type PreferenceStore } from '../preferences.ts';
import type { DesktopHandlers } from './answer-requests.ts';
import type { GalleryFiles } from './gallery-files.ts';

export interface HandlerDeps {
  readonly info: () => DesktopInfo;
  readonly preferences: PreferenceStore;
  readonly loginItem: LoginItem;
  readonly secrets: SecretKeeper;
  readonly chooseFolder: (title: string, at: string | null) => Promise<string | null>;
  readonly galleryFiles: GalleryFiles;
  readonly openComfyui: () => void;
  readonly engineDeeds: EngineDeeds;
  readonly restartShell: () => void;
  readonly updates: { state(): UpdateState; check(): Promise<UpdateState>; install(): void };
  readonly words: () => ShellWords;
}

export function createHandlers(deps: HandlerDeps): DesktopHandlers {
  const { preferences, loginItem, secrets, engineDeeds, updates, words } = deps;

  function changePreferences(patch: PreferencesPatch): { preferences: Preferences; restartNeeded: boolean } {
    const before = preferences.get();
    const { startAtLogin } = patch;
    if (startAtLogin !== undefined && startAtLogin !== before.startAtLogin) {
      try {
        // First: what the system refuses must not read as set.
        loginItem.set(startAtLogin);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new EngineRefusal('login_item', words().problems.loginItem(reason));
      }
    }
    const after = preferences.change(patch);
    return { preferences: after, restartNeeded: needsRestart(before, after) };
  }

  async function unlessKept(deed: Promise<boolean>): Promise<null> {
    if (!(await deed)) throw new EngineRefusal('work_in_progress', words().busy.kept);
    return null;
  }

  return {
    info: deps.info,
    getPreferences: () => preferences.get(),
    changePreferences,
    async saveSecret({ name, value, storage }) {
      return { storage: await secrets.save(name, value, storage) };
    },
    async forgetSecret({ name }) {
      await secrets.forget(name);
      return null;
    },
    chooseFolder: ({ title, at }) => deps.chooseFolder(title, at),
    async revealGalleryFile({ id }) {
      await deps.galleryFiles.reveal(id);
      return null;
    },
    async trashGalleryFile({ id }) {
      await deps.galleryFiles.trash(id);
      return null;
    },
    openComfyui() {
      deps.openComfyui();
      return null;
    },
    switchDemo: ({ demo }) => unlessKept(engineDeeds.switchDemo(demo)),
    restartEngine: () => unlessKept(engineDeeds.restart()),
    restartShell() {
      deps.restartShell();
      return null;
    },
    getUpdate: () => updates.state(),
    checkForUpdate: () => updates.check(),
    installUpdate() {
      updates.install();
      return null;
    },
  };
}
