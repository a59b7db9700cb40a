/**
 * Which command lines are a web browser a person looks at. ComfyUI and its page open such programs; they inherit its
 * environment and look like its children, but belong to the user and are never ended with it.
 */

/** Executables without path and ".exe", in lower case; on macOS the name of the application bundle. */
const BROWSERS = new Set([
  ...['firefox', 'firefox-bin', 'firefox-esr', 'librewolf', 'waterfox', 'floorp', 'zen', 'tor browser'],
  ...['chrome', 'chrome_crashpad_handler', 'google-chrome', 'google-chrome-stable', 'google chrome'],
  ...['chromium', 'chromium-browser', 'brave', 'brave-browser', 'brave browser', 'vivaldi', 'vivaldi-bin', 'arc'],
  ...['msedge', 'microsoft-edge', 'microsoft-edge-stable', 'microsoft edge', 'opera', 'safari', 'iexplore'],
  ...['epiphany', 'gnome-web', 'konqueror', 'falkon', 'qutebrowser', 'midori'],
  // What hands an address to the user's browser, and may become it by exec.
  ...['xdg-open', 'sensible-browser', 'x-www-browser', 'www-browser', 'gio', 'kde-open', 'kde-open5', 'open'],
]);

const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh']);

/**
 * Marks of a browser no person looks at: a tool that a custom node drives, and the inner processes of any browser,
 * which are spared only together with the window they belong to.
 */
const NOT_A_WINDOW = /\s(--?headless\b|--type=|-contentproc\b)/;

/** The program of a command line as people know it: lower case, without path and ".exe"; the script when a shell runs one. */
export function programName(command: string): string {
  const bundle = /^(\/.+?)\.app\/Contents\//.exec(command)?.[1];
  if (bundle !== undefined && !bundle.includes(' /')) return baseName(bundle);
  const quoted = /^"([^"]+)"/.exec(command)?.[1];
  if (quoted !== undefined) return baseName(quoted);
  const windowsPath = /^[A-Za-z]:\\.+?\.exe\b/i.exec(command)?.[0];
  if (windowsPath !== undefined) return baseName(windowsPath);
  const [first = '', second] = command.split(/\s+/);
  const name = baseName(first);
  return SHELLS.has(name) && second !== undefined && !second.startsWith('-') ? baseName(second) : name;
}

export function isBrowserWindow(command: string): boolean {
  return BROWSERS.has(programName(command)) && !NOT_A_WINDOW.test(command);
}

function baseName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).toLowerCase().replace(/\.exe$/, '');
}
