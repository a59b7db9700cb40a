/** What is remembered of the windows between runs: place, maximised, zoom, in `windows.json`. A file that cannot be read counts as absent. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const WRITE_DELAY_MS = 400;

const WindowStateSchema = z.object({
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).nullable(),
  maximised: z.boolean(),
  /** Chromium's steps: each is a factor of 1.2. */
  zoomLevel: z.number().min(-8).max(8),
});
export type WindowState = z.infer<typeof WindowStateSchema>;

const FileSchema = z.object({ comfyui: WindowStateSchema.optional(), dashboard: WindowStateSchema.optional() });
export type WindowName = keyof z.infer<typeof FileSchema>;

const NEW_WINDOW: WindowState = { bounds: null, maximised: false, zoomLevel: 0 };

export interface WindowStates {
  of(name: WindowName): WindowState;
  /** Written a moment later, together with what else changes. */
  change(name: WindowName, patch: Partial<WindowState>): void;
  /** Writes what is waiting, at once. */
  flush(): void;
}

/** @param log told why the file could not be written; the windows work on without it */
export function createWindowStates(folder: string, log: (line: string) => void): WindowStates {
  const file = join(folder, 'windows.json');
  const states = read(file);
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, `${JSON.stringify(states, null, 2)}\n`);
      renameSync(`${file}.new`, file);
    } catch (error) {
      log(`The places of the windows could not be saved to ${file}: ${String(error)}`);
    }
  }

  return {
    of: (name) => states[name] ?? NEW_WINDOW,
    change(name, patch) {
      states[name] = { ...(states[name] ?? NEW_WINDOW), ...patch };
      timer ??= setTimeout(flush, WRITE_DELAY_MS);
    },
    flush,
  };
}

function read(file: string): z.infer<typeof FileSchema> {
  try {
    return FileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
