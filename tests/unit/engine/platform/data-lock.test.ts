import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EngineLockSchema } from '../../../../contract/engine-lock.ts';
import { acquireDataLock, type DataLock } from '../../../../engine/platform/data-lock.ts';

const DEAD_PID = 2 ** 30;
/** This process lives, the one that left the lock does not. */
const startTokenOf = async (pid: number) => (pid === process.pid ? 'alive' : null);

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-lock-'));
  file = join(folder, 'engine.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leaveDeadLock(name: string = file): void {
  const dead = { pid: DEAD_PID, startToken: 'dead', nonce: 'dead', since: new Date(0).toISOString(), url: null };
  writeFileSync(name, JSON.stringify(dead));
}

test('in every order of looking and deleting, exactly one of the starters takes a dead lock over', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), fc.boolean(), async (order, starters, nested) => {
      leaveDeadLock();
      if (nested) leaveDeadLock(`${file}.takeover`);
      const look = order.scheduleFunction(startTokenOf);
      const attempts = Array.from({ length: starters }, () => acquireDataLock({ file, startTokenOf: look }));
      const outcomes = await order.waitFor(Promise.allSettled(attempts));

      const held = outcomes.filter(
        (outcome): outcome is PromiseFulfilledResult<DataLock> => outcome.status === 'fulfilled',
      );
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
      expect(held).toHaveLength(1);
      for (const error of refused) expect(error).toMatchObject({ code: 'data_folder_locked' });
      expect(readdirSync(folder)).toEqual(['engine.lock']);
      for (const { value } of held) value.release();
      expect(readdirSync(folder)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('releasing leaves a lock alone that is not its own any more', async () => {
  const lock = await acquireDataLock({ file, startTokenOf });
  leaveDeadLock();
  lock.release();
  expect(EngineLockSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).pid).toBe(DEAD_PID);
});

test('a lock file that cannot be read is an error, not a free folder', async () => {
  mkdirSync(file);
  await expect(acquireDataLock({ file, startTokenOf })).rejects.toMatchObject({ code: 'data_folder_unusable' });
  expect(readdirSync(folder)).toEqual(['engine.lock']);
});
