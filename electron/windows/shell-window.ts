/** What the shell's windows have in common: they open where they were, in the colours of the theme, and remember place, size and zoom. */
import { BrowserWindow, nativeTheme, screen, type WebPreferences } from 'electron';
import { placeWindow, type Wishes } from './bounds.ts';
import type { WindowName, WindowStates } from './window-state.ts';
import { createZoom, type Zoom } from './zoom.ts';

/** The ground of our pages: what is seen before the first of them is drawn. */
const GROUND = { light: '#faf9f7', dark: '#151312' };

export interface ShellWindowDeps {
  readonly name: WindowName;
  readonly states: WindowStates;
  readonly wishes: Wishes;
  readonly title: string;
  readonly iconFile: string | null;
  /** Alt shows the menu; ComfyUI has better use for the key. */
  readonly hidesMenu: boolean;
  readonly page: Pick<WebPreferences, 'partition' | 'preload'>;
}

export interface ShellWindow {
  readonly window: BrowserWindow;
  readonly zoom: Zoom;
}

export function createShellWindow(deps: ShellWindowDeps): ShellWindow {
  const { name, states } = deps;
  const state = states.of(name);
  const window = new BrowserWindow({
    ...placeWindow(state.bounds, workAreas(), deps.wishes),
    minWidth: deps.wishes.least.width,
    minHeight: deps.wishes.least.height,
    title: deps.title,
    backgroundColor: ground(),
    autoHideMenuBar: deps.hidesMenu,
    ...(deps.iconFile === null ? {} : { icon: deps.iconFile }),
    webPreferences: guardedPreferences(deps.page),
  });
  if (state.maximised) window.maximize();

  const paint = () => window.setBackgroundColor(ground());
  nativeTheme.on('updated', paint);
  window.once('closed', () => nativeTheme.off('updated', paint));
  // A window has one title: ours. The page's would hide the state.
  window.on('page-title-updated', (event) => event.preventDefault());

  const remember = () => states.change(name, { bounds: window.getNormalBounds(), maximised: window.isMaximized() });
  window.on('resize', remember);
  window.on('move', remember);
  window.on('maximize', remember);
  window.on('unmaximize', remember);

  const zoom = createZoom(window.webContents, state.zoomLevel, (zoomLevel) => states.change(name, { zoomLevel }));
  return { window, zoom };
}

/** For every page: no Node, its own world, its own process. */
export const guardedPreferences = (page: Pick<WebPreferences, 'partition' | 'preload'>): WebPreferences => ({
  ...page,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  // Would fetch dictionaries from Google.
  spellcheck: false,
});

/** Brings it before the person, from wherever it is. */
export function present(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

const ground = (): string => (nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light);

function workAreas(): Electron.Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary, ...others].map((display) => display.workArea);
}
