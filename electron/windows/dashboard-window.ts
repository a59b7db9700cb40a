/** The dashboard in a window: the engine's own pages, with the bridge to the shell that no other page gets. Never leaves `/manager`. */
import { MANAGER_PREFIX, MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type OpenWindow, openWindow, type WindowRoom } from './open-window.ts';
import { dashboardTitle } from './window-title.ts';
import type { DashboardTarget } from './windows.ts';

export const DASHBOARD_PARTITION = 'persist:stoker';

const PATHS: Record<DashboardTarget, string> = {
  dashboard: MANAGER_PREFIX,
  settings: MANAGER_ROUTES.settings,
  logs: MANAGER_ROUTES.logs,
  doctor: MANAGER_ROUTES.doctor,
  welcome: `${MANAGER_PREFIX}/welcome`,
};

export function openDashboardWindow(room: WindowRoom, preloadFile: string, target: DashboardTarget): OpenWindow {
  const opened = openWindow(room, {
    kind: 'dashboard',
    wishes: { preferred: { width: 1100, height: 800 }, least: { width: 420, height: 420 } },
    hidesMenu: true,
    page: { partition: DASHBOARD_PARTITION, preload: preloadFile },
    title: () => dashboardTitle({ engine: room.link.state(), status: room.link.status() }, room.words()),
  });
  opened.page.open(PATHS[target]);
  return opened;
}

/** Another page of an open window: the page changes its address itself, so that nothing on it is lost. */
export function turnDashboardTo({ window, page }: OpenWindow, target: DashboardTarget): void {
  const path = PATHS[target];
  if (!page.isLive() || window.webContents.isLoading()) {
    page.open(path);
    return;
  }
  const script = `if (location.pathname !== '${path}') { history.pushState(null, '', '${path}'); dispatchEvent(new PopStateEvent('popstate')); scrollTo(0, 0); }`;
  // Only a page that has just gone fails to run it.
  window.webContents.executeJavaScript(script).catch(() => page.open(path));
}
