/** What `npm start` opens: the tray application, or the engine alone. Pure. */

/** Words the shell knows too, each with whether a value follows. All others are for `stoker serve`. */
const SHELL_WORDS = { '--demo': false, '--data-dir': true, '--port': true };

/**
 * @param {string[]} words after `npm start --`
 * @param {{ platform: string, environment: Record<string, string | undefined> }} machine
 * @returns {{ kind: 'desktop', words: string[] } | { kind: 'headless', words: string[], because: string | null }} `because`: null when it was
 *   asked for
 */
export function chooseStart(words, { platform, environment }) {
  if (words.includes('--headless')) {
    return { kind: 'headless', words: words.filter((word) => word !== '--headless'), because: null };
  }
  const foreign = foreignWord(words);
  if (foreign !== undefined) return { kind: 'headless', words, because: `only the engine knows ${foreign}` };
  if (platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) {
    return { kind: 'headless', words, because: 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)' };
  }
  return { kind: 'desktop', words };
}

function foreignWord(words) {
  for (let index = 0; index < words.length; index += 1) {
    const [name, value] = words[index].split('=', 2);
    const takesValue = SHELL_WORDS[name];
    if (takesValue === undefined) return words[index];
    if (takesValue && value === undefined) index += 1;
  }
  return undefined;
}
