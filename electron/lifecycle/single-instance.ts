/**
 * One shell for each of its own folders: a second start hands over what it was asked for and ends. `stoker://` links come in here,
 * by second start (Linux, Windows) or by event (macOS).
 */
import { app } from 'electron';
import { LINK_SCHEME, LINK_TARGETS, type LinkTarget } from '../../contract/desktop.ts';
import type { ShellArguments } from './arguments.ts';
import { parseLink } from './links.ts';

export interface SingleInstanceDeps {
  readonly args: ShellArguments;
  /** A second start, or a link. null: no page in particular. */
  readonly onOpen: (target: LinkTarget | null) => void;
}

/** Before `app.whenReady()`. False: another shell runs, was told, and this one must end. */
export function takeSingleInstance({ args, onOpen }: SingleInstanceDeps): boolean {
  // Chromium reorders a second command line: what was asked for travels beside it.
  const handedOver = { link: args.link, atLogin: args.atLogin };
  if (!app.requestSingleInstanceLock(handedOver)) return false;
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const { link, atLogin } = (data ?? {}) as { link?: unknown; atLogin?: unknown };
    if (atLogin !== true) onOpen(LINK_TARGETS.find((target) => target === link) ?? null);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const target = parseLink(url);
    if (target !== null) onOpen(target);
  });
  // From the source the system would be told to start Electron itself for every link.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  return true;
}
