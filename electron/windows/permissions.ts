/** What pages may ask of the system: hardly anything. Everything that is not listed here is refused, asked or merely looked up. */
import type { Session } from 'electron';
import { originOf, type PageKind } from './links.ts';

/** Reading the clipboard: pictures and workflows are pasted into ComfyUI's canvas. */
const ALLOWED: Readonly<Record<PageKind, readonly string[]>> = {
  comfyui: ['clipboard-sanitized-write', 'clipboard-read', 'fullscreen'],
  dashboard: ['clipboard-sanitized-write'],
};

/** Pure. @param requestingOrigin the page's, of the frame that asks; @param engineOrigin null while none answers */
export function mayUse(
  kind: PageKind | null,
  permission: string,
  requestingOrigin: string | null,
  engineOrigin: string | null,
): boolean {
  return (
    kind !== null && engineOrigin !== null && requestingOrigin === engineOrigin && ALLOWED[kind].includes(permission)
  );
}

export interface PermissionDeps {
  readonly engineOrigin: () => string | null;
  readonly log: (line: string) => void;
}

/** @param kind whose pages the session holds; null refuses everything */
export function limitPermissions(session: Session, kind: PageKind | null, deps: PermissionDeps): void {
  const decide = (permission: string, requesting: string): boolean =>
    mayUse(kind, permission, originOf(requesting), deps.engineOrigin());

  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const allowed = decide(permission, details.requestingUrl ?? '');
    if (!allowed) deps.log(`Refused: a page asked for "${permission}"`);
    answer(allowed);
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) => decide(permission, requestingOrigin));
  session.setDevicePermissionHandler(() => false);
  // Electron 22 lacks it, and offers no screen to pages.
  session.setDisplayMediaRequestHandler?.((_request, answer) => answer(null));
}
