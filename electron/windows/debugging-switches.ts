/**
 * An installed Stoker opens no debugging port, whatever its command line says: a crafted shortcut or link could otherwise read every
 * page. STOKER_ALLOW_DEBUGGING=1 lifts it, for tests of packages: who sets our environment already runs programs as the user.
 */
import { close as closeInspector, url as inspectorUrl } from 'node:inspector';
import type { App } from 'electron';

const SWITCHES = ['remote-debugging-port', 'remote-debugging-pipe', 'remote-allow-origins', 'js-flags'];

/** Call before `ready`: Chromium opens its port after that. */
export function refuseDebugging(app: App, environment: NodeJS.ProcessEnv, log: (line: string) => void): void {
  if (!app.isPackaged || environment.STOKER_ALLOW_DEBUGGING === '1') return;
  for (const name of SWITCHES) {
    if (!app.commandLine.hasSwitch(name)) continue;
    app.commandLine.removeSwitch(name);
    log(`Ignored: --${name} (STOKER_ALLOW_DEBUGGING=1 allows it)`);
  }
  // The fuse of the packages ends this earlier; a copy without fuses gets here.
  if (inspectorUrl() !== undefined) {
    closeInspector();
    log('Ignored: --inspect (STOKER_ALLOW_DEBUGGING=1 allows it)');
  }
}
