/** The end of keep awake in a small file of the data folder, so that a restart of the engine does not forget it. */

import { readFileSync, rmSync } from 'node:fs';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import { isMissing } from '../platform/error-code.ts';
import type { Log } from '../platform/log.ts';
import type { KeepAwakeStore } from './idle-watch.ts';

/** Past this there are no dates. */
const LATEST_DATE_MS = 8.64e15;

/** A file that cannot be read or written costs the wish over the next restart, and nothing else: it is logged. */
export function createKeepAwakeStore(deps: { readonly file: string; readonly log: Log }): KeepAwakeStore {
  const { file, log } = deps;
  return {
    load() {
      try {
        const until: unknown = JSON.parse(readFileSync(file, 'utf8'));
        if (typeof until === 'number' && Math.abs(until) <= LATEST_DATE_MS) return until;
        log.warn({ file }, 'the keep-awake file holds no time; ignored');
      } catch (error) {
        if (!isMissing(error)) log.warn({ file, error: String(error) }, 'the keep-awake file cannot be read; ignored');
      }
      return null;
    },
    save(untilMs) {
      try {
        if (untilMs === null) rmSync(file, { force: true });
        else writeFileAtomically(file, JSON.stringify(untilMs));
      } catch (error) {
        log.warn({ file, error: String(error) }, 'keep awake could not be saved');
      }
    },
  };
}
