/** Whether a process is the program that a person listed by name. Pure: command lines in, names out. */

/** `Blender`, `blender.exe` and `/opt/blender/blender` name the same program. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^.*[\\/]/, '')
    .replace(/\.exe$/, '');

/** @returns those of `names` of which one of these command lines is the program, as they were given */
export function runningPrograms(names: readonly string[], commands: readonly string[]): string[] {
  const running = new Set(commands.flatMap(programNames));
  return names.filter((name) => running.has(plain(name)));
}

/**
 * What the program of a command line may be called. A path may hold spaces and the table joins words with them, so that
 * `/opt/My App/app --x` has more than one reading; a word that begins another path or an option ends them.
 */
function programNames(command: string): string[] {
  const quoted = /^"([^"]+)"/.exec(command)?.[1];
  if (quoted !== undefined) return [plain(quoted)];
  const words = command.split(' ');
  const first = words[0] ?? '';
  if (!/[\\/]/.test(first)) return [plain(first)];
  const end = words.findIndex((word, index) => index > 0 && /^([-/"]|[a-z]:\\|\.)/i.test(word));
  const path = words.slice(0, end === -1 ? words.length : end);
  return path.map((_, index) => plain(path.slice(0, index + 1).join(' ')));
}
