/** Looks whether listed programs run, while any are listed. Starts no process on Linux; elsewhere the look costs one, so it is rarer. */
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { ProcessTable } from '../supervisor/processes/process-table.ts';
import { runningPrograms } from './program-name.ts';

export interface ProgramWatch {
  /** Listed programs that run, as the settings name them. */
  running(): readonly string[];
  /** The list of the settings may be another. */
  look(): void;
  close(): void;
}

export interface ProgramWatchDeps {
  readonly listed: () => readonly string[];
  readonly table: Pick<ProcessTable, 'list'>;
  /** ComfyUI's own tree never counts, whatever it is called. */
  readonly comfyPids: () => Promise<readonly number[]>;
  readonly onChange: () => void;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly log: Log;
}

const EVERY_MS = 5000;
const EVERY_MS_WITH_A_PROCESS = 15_000;

export function createProgramWatch(deps: ProgramWatchDeps): ProgramWatch {
  const { listed, clock, log } = deps;
  const everyMs = deps.platform === 'linux' ? EVERY_MS : EVERY_MS_WITH_A_PROCESS;
  let running: readonly string[] = [];
  let cancel: CancelTimer = () => undefined;
  let looking = false;
  let closed = false;

  function tell(found: readonly string[]): void {
    if (closed || found.join('\n') === running.join('\n')) return;
    running = found;
    deps.onChange();
  }

  async function find(): Promise<readonly string[]> {
    const [processes, own] = await Promise.all([deps.table.list(), deps.comfyPids()]);
    const others = processes.filter(({ pid }) => pid !== process.pid && !own.includes(pid));
    return runningPrograms(
      listed(),
      others.map(({ command }) => command),
    );
  }

  function look(): void {
    cancel();
    if (closed || looking) return;
    if (listed().length === 0) {
      tell([]);
      return;
    }
    looking = true;
    find()
      .then(tell)
      // What could not be seen is as it was.
      .catch((error: unknown) => log.warn({ error: String(error) }, 'the running programs could not be seen'))
      .finally(() => {
        looking = false;
        if (!closed) cancel = clock.after(everyMs, look);
      });
  }

  look();
  return {
    running: () => running,
    look,
    close() {
      closed = true;
      cancel();
    },
  };
}
