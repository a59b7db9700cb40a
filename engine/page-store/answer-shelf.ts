/**
 * Answers on disk: bodies by their content, and one index that names them. An answer is there whole or not at all; what is damaged
 * counts as missing, because ComfyUI can always be asked again. Bounded.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { AnswerToSend } from './send-answer.ts';
import { readWhole, sha256Of, writeWhole } from './whole-file.ts';

const KeptAnswerSchema = z.object({
  key: z.string(),
  /** Path and query that ask ComfyUI for it. */
  target: z.string(),
  user: z.string().nullable(),
  status: z.number().int(),
  headers: z.array(z.string()),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int(),
});
export type KeptAnswer = z.infer<typeof KeptAnswerSchema>;

const IndexSchema = z.object({ version: z.literal(1), facts: z.unknown(), answers: z.array(KeptAnswerSchema) });

export interface AnswerShelf {
  find(key: string): KeptAnswer | null;
  all(): readonly KeptAnswer[];
  /** Null when the body is missing or damaged; the answer is forgotten then. */
  read(answer: KeptAnswer): Promise<AnswerToSend | null>;
  /** @returns whether it is another than before; also for the first. Rejects when the disk refuses it: then there is none. */
  put(name: Pick<KeptAnswer, 'key' | 'target' | 'user'>, answer: AnswerToSend): Promise<boolean>;
  drop(key: string): void;
  /** What belongs to all of them; undefined at first. */
  readonly facts: { get(): unknown; set(facts: unknown): void };
  /** Everything that was put is on disk. */
  close(): Promise<void>;
}

export interface ShelfLimits {
  readonly answers: number;
  readonly bytes: number;
}

const LIMITS: ShelfLimits = { answers: 5000, bytes: 256 * 1024 * 1024 };
const SAVE_AFTER_MS = 300;

/** @param folder made when missing; a damaged index means an empty shelf */
export function createAnswerShelf(
  { folder, clock, log }: { readonly folder: string; readonly clock: Clock; readonly log: Log },
  limits: ShelfLimits = LIMITS,
): AnswerShelf {
  const indexFile = join(folder, 'index.json');
  const bodies = join(folder, 'bodies');
  const saved = readIndex(indexFile);
  /** The longest unchanged comes first. */
  const answers = new Map(saved.answers.map((answer) => [answer.key, answer]));
  let facts = saved.facts;
  let bytes = saved.answers.reduce((sum, answer) => sum + answer.bytes, 0);
  let cancelSave: CancelTimer | null = null;
  removeStrangers();

  function removeStrangers(): void {
    try {
      mkdirSync(bodies, { recursive: true });
      const known = new Set(saved.answers.map(({ sha256 }) => sha256));
      for (const name of readdirSync(bodies)) if (!known.has(name)) rmSync(join(bodies, name), { force: true });
    } catch (error) {
      log.warn({ error: String(error) }, 'the kept page cannot be tidied');
    }
  }

  function saveSoon(): void {
    cancelSave ??= clock.after(SAVE_AFTER_MS, save);
  }

  function save(): void {
    cancelSave?.();
    cancelSave = null;
    try {
      mkdirSync(folder, { recursive: true });
      writeFileAtomically(indexFile, JSON.stringify({ version: 1, facts, answers: [...answers.values()] }));
    } catch (error) {
      log.warn({ error: String(error) }, 'the index of the kept page could not be saved');
    }
  }

  function drop(key: string): void {
    const dropped = answers.get(key);
    if (dropped === undefined) return;
    answers.delete(key);
    bytes -= dropped.bytes;
    saveSoon();
    if ([...answers.values()].some(({ sha256 }) => sha256 === dropped.sha256)) return;
    void rm(join(bodies, dropped.sha256), { force: true }).catch(() => undefined);
  }

  /** Somebody may have removed the folder or touched a file while this ran, and nobody may have read it since. */
  async function isWhole(sha256: string, body: Buffer): Promise<boolean> {
    const found = await readFile(join(bodies, sha256)).catch(() => null);
    return found?.equals(body) === true;
  }

  return {
    find: (key) => answers.get(key) ?? null,
    all: () => [...answers.values()],
    async read(answer) {
      const body = await readWhole(join(bodies, answer.sha256), answer.sha256);
      if (body !== null) return { status: answer.status, headers: answer.headers, body };
      if (answers.get(answer.key) === answer) drop(answer.key);
      return null;
    },
    async put(name, { status, headers, body }) {
      const sha256 = sha256Of(body);
      const before = answers.get(name.key);
      const kept: KeptAnswer = { ...name, status, headers: [...headers], sha256, bytes: body.length };
      const isSame = before !== undefined && before.sha256 === sha256 && before.status === status;
      const isSaid = isSame && JSON.stringify(before.headers) === JSON.stringify(kept.headers);
      if (isSaid && (await isWhole(sha256, body))) return false;
      if (body.length > limits.bytes / 2) {
        drop(name.key);
        return false;
      }
      try {
        await writeWhole(bodies, sha256, body);
      } catch (error) {
        // Better nothing than what ComfyUI said before.
        drop(name.key);
        throw error;
      }
      if (!isSame) drop(name.key);
      else bytes -= before.bytes;
      answers.set(name.key, kept);
      bytes += kept.bytes;
      for (const oldest of answers.keys()) {
        if (answers.size <= limits.answers && bytes <= limits.bytes) break;
        drop(oldest);
      }
      saveSoon();
      return !isSame;
    },
    drop,
    facts: {
      get: () => facts,
      set(next) {
        facts = next;
        // Said when all has been asked for: a kill a moment later must not cost the whole page.
        save();
      },
    },
    async close() {
      if (cancelSave !== null) save();
    },
  };
}

function readIndex(file: string): { readonly facts: unknown; readonly answers: readonly KeptAnswer[] } {
  try {
    return IndexSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { facts: undefined, answers: [] };
  }
}
