/**
 * The bearer tokens of the API port, by name, in a file of the data folder. Only hashes are kept: a token is random enough that a plain hash
 * tells nothing, and it is compared in constant time.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Token, TokenSchema } from '../../../contract/tokens.ts';
import { AppError } from '../../platform/app-error.ts';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import type { Clock } from '../../platform/clock.ts';
import { isMissing } from '../../platform/error-code.ts';
import { createListeners, type Unsubscribe } from '../../platform/listeners.ts';

export interface Tokens {
  list(): Token[];
  /** @returns the token, which nobody can read again. @throws AppError token_name_taken, data_folder_unusable */
  create(name: string): string;
  /** @throws AppError token_not_found, data_folder_unusable */
  revoke(name: string): void;
  /** Whose that is; null for none of ours. */
  nameOf(candidate: string): string | null;
  /** It came with a request that was let in. */
  used(name: string): void;
  /** One was made or revoked. */
  onChange(listener: () => void): Unsubscribe;
}

const FileSchema = z.array(
  TokenSchema.extend({
    // Files of earlier versions do not tell it.
    lastUsedAt: TokenSchema.shape.lastUsedAt.default(null),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
);
type KeptToken = z.infer<typeof FileSchema>[number];

/** A program asks many times a second; that somebody uses the token is worth a write once in a while. */
const USE_COUNTS_AFTER_MS = 60_000;

/** @param onProblem hears when the file cannot be read: nobody is let in then, and the next token begins a new one */
export function createTokens(deps: {
  readonly file: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly onProblem: (message: string) => void;
}): Tokens {
  const changed = createListeners<void>();
  let kept = load(deps.file, deps.onProblem);

  function keep(tokens: readonly KeptToken[]): void {
    write(tokens);
    kept = tokens;
    changed.notify();
  }

  function write(tokens: readonly KeptToken[]): void {
    writeFileAtomically(deps.file, JSON.stringify(tokens, null, 2));
  }

  return {
    list: () => kept.map(({ name, createdAt, lastUsedAt }) => ({ name, createdAt, lastUsedAt })),
    create(name) {
      if (kept.some((each) => each.name === name)) {
        throw new AppError('token_name_taken', `There is a token "${name}" already.`, { details: { name } });
      }
      const token = `stoker_${randomBytes(32).toString('base64url')}`;
      keep([...kept, { name, createdAt: deps.clock.now(), lastUsedAt: null, sha256: hash(token).toString('hex') }]);
      return token;
    },
    revoke(name) {
      const others = kept.filter((each) => each.name !== name);
      if (others.length === kept.length) {
        throw new AppError('token_not_found', `There is no token "${name}".`, { details: { name } });
      }
      keep(others);
    },
    nameOf(candidate) {
      const candidateHash = hash(candidate);
      // All of them: how long it takes must not tell which one was near.
      const matching = kept.filter(({ sha256 }) => timingSafeEqual(candidateHash, Buffer.from(sha256, 'hex')));
      return matching[0]?.name ?? null;
    },
    used(name) {
      const now = deps.clock.now();
      const before = kept.find((each) => each.name === name)?.lastUsedAt;
      if (before === undefined || (before !== null && Math.abs(now - before) < USE_COUNTS_AFTER_MS)) return;
      kept = kept.map((each) => (each.name === name ? { ...each, lastUsedAt: now } : each));
      try {
        write(kept);
      } catch {
        // A full disk is told of elsewhere; it is no reason to refuse who may come in.
      }
    },
    onChange: (listener) => changed.add(listener),
  };
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

function load(file: string, onProblem: (message: string) => void): readonly KeptToken[] {
  try {
    return FileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (!isMissing(error))
      onProblem(`The tokens of the API port in ${file} cannot be read: it stays closed until a new one is made.`);
    return [];
  }
}
