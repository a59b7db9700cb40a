/**
 * What the page saved while ComfyUI slept, in order, on disk before anybody is told that it is saved. A write leaves the file when
 * ComfyUI has answered it, and never before: after a crash it may be made twice, which these writes bear.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import type { Log } from '../platform/log.ts';

const KeptWriteSchema = z.object({
  /** Path and query. */
  target: z.string(),
  user: z.string(),
  /** Content-Type, as the page sent it. */
  type: z.string().nullable(),
  /** base64 */
  body: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
});
/** Always a POST. */
export type KeptWrite = z.infer<typeof KeptWriteSchema>;

export interface KeptWrites {
  /** The oldest first. */
  all(): readonly KeptWrite[];
  /** Resolves when it is on disk; rejects when the disk refuses. */
  add(write: KeptWrite): Promise<void>;
  /** ComfyUI has answered the oldest. */
  removeFirst(): void;
}

export function createKeptWrites({ file, log }: { readonly file: string; readonly log: Log }): KeptWrites {
  const { writes, isWhole } = readWrites(file);
  if (!isWhole) {
    log.warn({ file }, 'a write that was never confirmed is left out');
    rewrite();
  }
  let adding: Promise<unknown> = Promise.resolve();

  async function append(write: KeptWrite): Promise<void> {
    mkdirSync(dirname(file), { recursive: true });
    const handle = await open(file, 'a', 0o600);
    const { size } = await handle.stat();
    try {
      await handle.appendFile(`${JSON.stringify(write)}\n`);
      await handle.sync();
    } catch (error) {
      // Half a line would spoil the next one, and that may be confirmed.
      await handle.truncate(size);
      throw error;
    } finally {
      await handle.close();
    }
    writes.push(write);
  }

  function rewrite(): void {
    if (writes.length === 0) rmSync(file, { force: true });
    else writeFileAtomically(file, writes.map((write) => `${JSON.stringify(write)}\n`).join(''));
  }

  return {
    all: () => writes,
    add(write) {
      const added = adding.then(() => append(write));
      adding = added.catch(() => undefined);
      return added;
    },
    removeFirst() {
      writes.shift();
      try {
        rewrite();
      } catch (error) {
        // A full disk takes no shorter file, but lets go of the whole one with the last of them; until then they are made in the same order.
        if (writes.length === 0) throw error;
        log.warn({ error: String(error) }, 'a write that was made stays in the file until all are');
      }
    },
  };
}

function readWrites(file: string): { readonly writes: KeptWrite[]; readonly isWhole: boolean } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { writes: [], isWhole: true };
  }
  const lines = text.split('\n');
  const unfinished = lines.pop() !== '';
  const writes = lines.flatMap((line) => {
    try {
      return [KeptWriteSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
  return { writes, isWhole: !unfinished && writes.length === lines.length };
}
