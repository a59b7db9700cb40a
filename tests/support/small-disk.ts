/** A real small disk (tmpfs) that can be filled and made read-only, where this user may mount one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Until not even a block of 512 bytes fits. */
  fill(): void;
  unfill(): void;
  remount(mode: 'rw' | 'ro'): void;
  remove(): void;
}

/** Null where mounting is not allowed: the tests that need it do not run there. */
export function mountSmallDisk(size: string): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'stoker-disk-'));
  const filler = join(folder, 'filler');
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status !== 0) {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    fill() {
      for (const block of [65_536, 4096, 512]) {
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(block), { flag: 'a' });
        } catch {
          // Full: what was wanted.
        }
      }
    },
    unfill: () => rmSync(filler, { force: true }),
    remount(mode) {
      const { status, stderr } = spawnSync('mount', ['-o', `remount,${mode}`, folder], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    },
    remove() {
      spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
