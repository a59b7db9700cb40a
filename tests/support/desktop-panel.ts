/** A real panel (xfce4-panel) on a test's desktop, light or dark, and pictures of the screen. It takes the place of the tray watcher. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DesktopSession } from './desktop-session.ts';

const PICTURES = resolve(import.meta.dirname, '../output/desktop');

export interface PanelOptions {
  readonly dark: boolean;
  /** In points: pixels of a screen of simple density. */
  readonly height: number;
  /** Pixels for a point. */
  readonly scale?: 1 | 2;
}

/** The service that a session must start for a panel. */
export const PANEL_SETTINGS = 'org.xfce.Xfconf';

/**
 * The panel lies along the top edge and ends with the session.
 * @throws at once in a session that does not start PANEL_SETTINGS (the panel would wait for it in silence), and with the panel's own words when it ends
 */
export async function startPanel({ environment, sessionBus }: DesktopSession, options: PanelOptions): Promise<void> {
  const folder = join(environment.XDG_CONFIG_HOME as string, 'xfce4/xfconf/xfce-perchannel-xml');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'xfce4-panel.xml'), panelConfiguration(options));
  await sessionBus.call({
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
    member: 'StartServiceByName',
    signature: 'su',
    body: [PANEL_SETTINGS, 0],
  });
  const scaled = { ...environment, GDK_SCALE: String(options.scale ?? 1) };
  const panel = spawn('xfce4-panel', ['--disable-wm-check'], { env: scaled, stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  panel.stderr.on('data', (chunk) => {
    words += chunk;
  });
  const ended = once(panel, 'exit').then(([code, signal]) => {
    throw new Error(`xfce4-panel ended with ${code ?? signal}: ${words}`);
  });
  // The panel also ends with the session, when nobody waits any more.
  ended.catch(() => undefined);
  await Promise.race([sessionBus.untilOwned('org.kde.StatusNotifierWatcher'), ended]);
}

/** Takes a picture of the whole screen, or of a part of it, into tests/output/desktop/. Returns its path. */
export function pictureOfScreen(
  { environment }: DesktopSession,
  name: string,
  part?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): string {
  const crop = part === undefined ? [] : ['-crop', `${part.width}x${part.height}+${part.x}+${part.y}`, '+repage'];
  const file = picturePath(name);
  execFileSync('import', ['-window', 'root', ...crop, file], { env: environment });
  return file;
}

export function picturePath(name: string): string {
  const file = join(PICTURES, `${name}.png`);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}

/** A real mouse at a place on the screen; button 1 is the left, 3 the right. */
export function clickOnScreen({ environment }: DesktopSession, x: number, y: number, button: 1 | 3): void {
  execFileSync('xdotool', ['mousemove', String(x), String(y), 'click', String(button)], { env: environment });
}

const panelConfiguration = ({ dark, height }: PanelOptions): string => {
  const shade = dark ? 0.13 : 0.93;
  const colour = [shade, shade, shade, 1].map((value) => `<value type="double" value="${value}"/>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="${dark}"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="${height}"/>
      <property name="icon-size" type="uint" value="0"/>
      <property name="background-style" type="uint" value="1"/>
      <property name="background-rgba" type="array">${colour}</property>
      <property name="plugin-ids" type="array"><value type="int" value="1"/><value type="int" value="2"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray">
      <property name="known-legacy-items" type="array"/>
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
`;
};
