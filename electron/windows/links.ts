/** Where an address leads that a page of one of our windows wants to open. Pure. */

export type PageKind = 'comfyui' | 'dashboard';

export type Destination =
  /** The page it comes from may go there. */
  | 'here'
  /** A window of its own beside ComfyUI's: a picture in full size. */
  | 'newWindow'
  | 'comfyui'
  | 'dashboard'
  /** The system's browser. */
  | 'browser'
  | 'refused';

const MANAGER = /^\/manager(\/|$)/;
const LOGIN = /^\/manager\/login\/?$/;

/**
 * @param ours origins of the engine: where it answers now, and where it did when the page was loaded
 * @param inNewWindow a link with a target, a middle click or `window.open`
 */
export function destinationOf(
  from: PageKind,
  address: string,
  ours: readonly string[],
  inNewWindow: boolean,
): Destination {
  const url = parsed(address);
  if (url === null) return 'refused';
  // `window.open()` without an address: a custom node writes a picture into it. It stays under the same guards.
  if (address === 'about:blank') return from === 'comfyui' && inNewWindow ? 'newWindow' : 'refused';
  if (url.protocol === 'blob:') {
    return from === 'comfyui' && inNewWindow && ours.includes(url.origin) ? 'newWindow' : 'refused';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return url.protocol === 'mailto:' ? 'browser' : 'refused';
  if (!ours.includes(url.origin)) return 'browser';
  if (from === 'dashboard') return MANAGER.test(url.pathname) ? 'here' : 'comfyui';
  // The page that asks for the token is ComfyUI's window too; what follows on it is not.
  if (LOGIN.test(url.pathname)) return 'here';
  if (MANAGER.test(url.pathname)) return 'dashboard';
  return inNewWindow ? 'newWindow' : 'here';
}

/** The page of the dashboard an address means; the start page for one that is none. */
export function dashboardTargetOf(address: string): 'dashboard' | 'settings' | 'logs' | 'doctor' | 'welcome' {
  const page = parsed(address)?.pathname.split('/')[2] ?? '';
  return page === 'settings' || page === 'logs' || page === 'doctor' || page === 'welcome' ? page : 'dashboard';
}

export function originOf(address: string | null): string | null {
  return address === null ? null : (parsed(address)?.origin ?? null);
}

function parsed(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}
