/** New versions of Stoker itself: looked for daily, fetched, and installed when the user says so and ComfyUI has no work. The wiring. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import type { Preferences } from '../../contract/desktop.ts';
import type { UpdateWords } from '../../strings/en/updates.ts';
import type { EngineLink } from '../engine/engine-link.ts';
import { unsupportedBecause } from './support.ts';
import { createUpdateCourse, type Updates } from './update-course.ts';
import { openUpdater } from './updater.ts';

export interface UpdateDependencies {
  readonly link: EngineLink;
  readonly preferences: { get(): Preferences; onChange(listener: () => void): () => void };
  readonly words: () => UpdateWords;
  /** Runs the shutdown joiners without asking (ComfyUI, the engine, windows), then calls `install` in place of quitting. */
  readonly endForUpdate: (install: () => void) => void;
  /** One line for the shell's log. */
  readonly log: (line: string) => void;
}

/** After `app.whenReady()`. First looks half a minute after the start. */
export function createUpdates({ link, preferences, words, endForUpdate, log }: UpdateDependencies): Updates {
  const reason = unsupportedBecause({
    isPackaged: app.isPackaged,
    platform: process.platform,
    environment: process.env,
    knowsAddress: existsSync(join(process.resourcesPath, 'app-update.yml')),
  });
  return createUpdateCourse({
    link,
    preferences,
    initial:
      reason === null
        ? { kind: 'idle', checkedAt: null }
        : { kind: 'unsupported', reason: words().unsupported[reason] },
    openUpdater: (listeners) => openUpdater(listeners, log),
    describeFailure: (message) => words().failed(message),
    time: {
      now: Date.now,
      after(delayMs, act) {
        const timer = setTimeout(act, delayMs);
        return () => clearTimeout(timer);
      },
    },
    endForUpdate: (install) =>
      endForUpdate(() => {
        // The new version may start before this process is gone, and must not take itself for a second instance.
        app.releaseSingleInstanceLock();
        install();
      }),
  });
}
