/**
 * *Quit*: asks while there is work, lets windows ask about unsaved changes, ends the engine, then everything else. Which Electron calls
 * ask and exit is passed in.
 */
import type { Status } from '../../contract/status.ts';
import type { EngineOutcome } from '../engine/engine-host.ts';
import type { EngineLink } from '../engine/engine-link.ts';
import { endInOrder, type Joiner, type Phase } from './shutdown.ts';

export type BusyAnswer = 'whenDone' | 'now' | 'cancel';

export interface QuitDeps {
  readonly link: Pick<EngineLink, 'state' | 'status' | 'onChange'>;
  readonly endEngine: (force: boolean) => Promise<EngineOutcome>;
  /** While prompts run or wait. */
  readonly askAboutWork: (work: Work) => Promise<BusyAnswer>;
  readonly closeWindows: () => Promise<'closed' | 'kept'>;
  /** The user changed their mind; windows may be gone already. */
  readonly onStay: () => void;
  /** After the engine: what is left of the shell. */
  readonly joiners: readonly Joiner[];
  /** Ends the process, or installs an update in its place. */
  readonly exit: () => void;
  readonly log: (line: string) => void;
}

export interface Work {
  /** Prompts of ComfyUI, as `waiting`. */
  readonly running: number;
  readonly waiting: number;
  /** Jobs on endpoints: they go on without us. */
  readonly remote: number;
}

export interface Quit {
  phase(): Phase;
  started(): void;
  /** By the user: may ask, and may come to nothing. While it asks already: nothing. */
  ask(): void;
  /** The session ends, a signal came, an update is installed: asks nobody. @param exit in place of the usual one */
  now(exit?: () => void): void;
  /** Asks windows about unsaved changes alone; the engine goes on. */
  withoutEngine(exit: () => void): void;
}

/** The engine has its own limit, after which it is killed; this one is for when that hangs too. */
const ENGINE_LIMIT_MS = 60_000;

export function workOf(status: Status | null): Work | null {
  if (status === null) return null;
  const running = status.queue.running;
  // Parked prompts and waiting jobs are on disk and lose nothing.
  const waiting = status.queue.pending;
  const { remote } = status.jobs;
  return running + waiting + remote > 0 ? { running, waiting, remote } : null;
}

export function createQuit(deps: QuitDeps): Quit {
  const { link, endEngine, askAboutWork, closeWindows, joiners, log } = deps;
  let phase: Phase = 'starting';
  let asking = false;
  let stopWaiting = (): void => undefined;

  async function ask(): Promise<void> {
    stopWaiting();
    let force = false;
    let work = workOf(link.status());
    for (;;) {
      if (work !== null && !force) {
        const answer = await askAboutWork(work);
        if (isQuitting()) return;
        if (answer === 'cancel') {
          deps.onStay();
          return;
        }
        if (answer === 'whenDone') {
          quitWhenDone();
          return;
        }
        force = true;
      }
      if ((await closeWindows()) === 'kept' || isQuitting()) return;
      if ((await endEngine(force)) === 'done') break;
      // It began to work after the question.
      work = workOf(link.status()) ?? { running: 1, waiting: 0, remote: 0 };
    }
    await leave([], deps.exit);
  }

  function quitWhenDone(): void {
    const stop = link.onChange(() => {
      // While the engine is started again the work may go on; given up, there is nothing to wait for.
      const done = link.status() === null ? link.state().kind === 'gaveUp' : workOf(link.status()) === null;
      if (!done) return;
      stopWaiting();
      attempt(ask);
    });
    stopWaiting = () => {
      stop();
      stopWaiting = () => undefined;
    };
  }

  async function leave(first: readonly Joiner[], exit: () => void): Promise<void> {
    if (isQuitting()) return;
    phase = 'quitting';
    stopWaiting();
    await endInOrder([...first, ...joiners], log);
    phase = 'gone';
    exit();
  }

  /** One wish to quit at a time: closing the windows for one must not read as another. */
  function attempt(deed: () => Promise<void>): void {
    if (asking || isQuitting()) return;
    asking = true;
    void deed()
      .catch((error) => log(`quit: ${error}`))
      .finally(() => {
        asking = false;
      });
  }

  const isQuitting = (): boolean => phase === 'quitting' || phase === 'gone';

  return {
    phase: () => phase,
    started() {
      if (phase === 'starting') phase = 'running';
    },
    ask: () => attempt(ask),
    withoutEngine(exit) {
      attempt(async () => {
        if ((await closeWindows()) === 'closed') await leave([], exit);
      });
    },
    now(exit = deps.exit) {
      void leave([{ name: 'the engine', limitMs: ENGINE_LIMIT_MS, end: () => endEngine(true) }], exit);
    },
  };
}
