/** Recorded output of the vendors' tools; where each came from stands beside it in `.origin.md`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../fixtures/gpu');

export const gpuFixture = (name: string): string => readFileSync(join(folder, name), 'utf8');
export const gpuFixtureLines = (name: string): string[] => gpuFixture(name).trimEnd().split('\n');
