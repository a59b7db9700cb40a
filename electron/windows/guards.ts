/**
 * What no page may do, whoever made it: leave for an address that is not its own, open a window, embed a webview. Applies to every
 * page of the application, child windows and developer tools too; a page nobody vouched for goes nowhere.
 */
import type { App, BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import { type Destination, destinationOf, originOf, type PageKind } from './links.ts';
import { NOTICE_ACTION } from './notice-page.ts';

export interface GuardDeps {
  /** Null for a page that no window of ours holds. */
  readonly kindOf: (contents: WebContents) => PageKind | null;
  /** The engine's; null while none answers. */
  readonly engineOrigin: () => string | null;
  /** Opens what the page was not let to. */
  readonly lead: (destination: Exclude<Destination, 'here' | 'newWindow' | 'refused'>, address: string) => void;
  /** A picture beside ComfyUI. */
  readonly childOptions: (opener: WebContents) => BrowserWindowConstructorOptions;
  readonly adoptChild: (child: BrowserWindow, opener: WebContents) => void;
  readonly log: (line: string) => void;
}

export function guardEveryPage(app: App, deps: GuardDeps): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents, deps));
}

function guardPage(contents: WebContents, deps: GuardDeps): void {
  const { log, lead } = deps;

  function decide(address: string, inNewWindow: boolean): Destination {
    const kind = deps.kindOf(contents);
    const ours = [deps.engineOrigin(), originOf(contents.getURL())].filter(isHttp);
    const destination = kind === null ? 'refused' : destinationOf(kind, address, ours, inNewWindow);
    if (destination === 'refused' && address !== NOTICE_ACTION)
      log(`Refused: a page wanted to open ${shortened(address)}`);
    else if (destination !== 'here' && destination !== 'newWindow' && destination !== 'refused')
      lead(destination, address);
    return destination;
  }

  contents.on('will-navigate', (event, address) => {
    if (decide(address, false) !== 'here') event.preventDefault();
  });
  contents.on('will-redirect', (event, address, _inPlace, isMainFrame) => {
    if (isMainFrame && decide(address, false) !== 'here') event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log('Refused: a page wanted to embed a webview');
  });
  contents.setWindowOpenHandler(({ url }) =>
    decide(url, true) === 'newWindow'
      ? { action: 'allow', overrideBrowserWindowOptions: deps.childOptions(contents) }
      : { action: 'deny' },
  );
  contents.on('did-create-window', (child) => deps.adoptChild(child, contents));
  // Without a listener Chromium's first device found would be given.
  contents.on('select-bluetooth-device', (event, _devices, answer) => {
    event.preventDefault();
    answer('');
  });
  contents.on('console-message', (event, _level, message) => {
    // Electron 35 and later put it into the event.
    const text = event.message ?? message;
    if (text?.includes('Content Security Policy')) log(`Content policy: ${shortened(text)}`);
  });
}

const isHttp = (origin: string | null): origin is string => origin?.startsWith('http') === true;

const shortened = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
