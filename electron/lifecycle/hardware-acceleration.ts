/**
 * Whether the shell draws with the GPU, which costs about 100 MB of VRAM. Electron wants to know before it can ask anybody, so the
 * size of the card is remembered from the last time.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Preferences } from '../../contract/desktop.ts';
import type { Status } from '../../contract/status.ts';

const SMALL_CARD_BYTES = 8 * 1024 ** 3;
const CardSchema = z.object({ vramTotalBytes: z.number() });

/** @param cardBytes of the smallest card, null while unknown */
export function usesAcceleration(preference: Preferences['hardwareAcceleration'], cardBytes: number | null): boolean {
  if (preference === 'smallCard') return cardBytes === null || cardBytes > SMALL_CARD_BYTES;
  return preference === 'on';
}

/** null when no card was seen yet. */
export function readCardSize(file: string): number | null {
  try {
    return CardSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.vramTotalBytes ?? null;
  } catch {
    return null;
  }
}

/** Writes only what is new; several cards count as their smallest. */
export function rememberCardSize(file: string, status: Status | null): void {
  const sizes = (status?.gpus ?? []).map(({ vramTotalBytes }) => vramTotalBytes).filter((size) => size !== null);
  const smallest = Math.min(...sizes);
  if (!Number.isFinite(smallest) || readCardSize(file) === smallest) return;
  writeFileSync(file, JSON.stringify({ vramTotalBytes: smallest }));
}
