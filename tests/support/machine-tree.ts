/** A temporary folder that stands for the root of a machine: sysfs, tools, lists of names. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface MachineTree {
  readonly root: string;
  /** Writes files by their path below the root; the kernel ends its texts with a line feed, so does this. */
  write(files: Readonly<Record<string, string | number>>): void;
  remove(): void;
}

export function createMachineTree(): MachineTree {
  const root = mkdtempSync(join(tmpdir(), 'stoker-machine-'));
  return {
    root,
    write(files) {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), `${content}\n`);
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
