/** Which processes belong to a test's desktop (Linux). Chromium overwrites its environment, so the mark in it is not enough to tell. */
import { readdirSync, readFileSync } from 'node:fs';

/** Those that carry the mark in their environment or the folder in their command line, and everything below them. Zombies are left out. */
export function desktopProcesses(mark: string, folder: string): number[] {
  return withDescendants(
    ({ pid }) => read(pid, 'environ').split('\0').includes(mark) || read(pid, 'cmdline').includes(folder),
  );
}

/** The process and everything below it. */
export const processTree = (root: number): number[] => withDescendants(({ pid }) => pid === root);

/** Processes below this one that run a page. */
export const pageProcesses = (root: number): number[] =>
  processTree(root).filter((pid) => read(pid, 'cmdline').includes('--type=renderer'));

interface Entry {
  readonly pid: number;
  readonly parent: number;
}

function withDescendants(isRoot: (entry: Entry) => boolean): number[] {
  const entries = readdirSync('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .flatMap((pid): Entry[] => {
      // After the name, which may hold anything, in brackets: state, parent.
      const [state, parent] = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
      return parent === undefined || state === 'Z' ? [] : [{ pid, parent: Number(parent) }];
    });
  const found = new Set(entries.filter(isRoot).map(({ pid }) => pid));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of entries) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function read(pid: number, file: 'environ' | 'cmdline' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
