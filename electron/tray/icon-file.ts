/** The picture file each system wants for a state of the tray. Pure. */
import type { TrayIcon } from './icon-of-state.ts';

/** Points a Linux panel gives an icon, most often; it scales what it gets. */
const LINUX_POINTS = 24;

/**
 * macOS finds the `@2x` file and the colours of its menu bar by the name; an .ico holds all sizes.
 * @param scaleFactor of the screen: pixels for a point
 */
export function trayFile(icon: TrayIcon, platform: string, scaleFactor: number): string {
  if (platform === 'darwin') return `${icon}Template.png`;
  if (platform === 'win32') return `${icon}.ico`;
  return `${icon}-${scaleFactor > 1 ? 2 * LINUX_POINTS : LINUX_POINTS}.png`;
}
