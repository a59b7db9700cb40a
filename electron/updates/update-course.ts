/** When to look for a newer version and when to install it, over an updater it is given. Knows no Electron. */
import { isDeepStrictEqual } from 'node:util';
import type { Preferences, UpdateState } from '../../contract/desktop.ts';
import type { EngineLink } from '../engine/engine-link.ts';
import { nextUpdateState, type UpdateEvent, waitsForWork } from './state.ts';
import type { Updater, UpdaterListeners } from './updater.ts';

export interface UpdateCourseDependencies {
  readonly link: Pick<EngineLink, 'state' | 'status' | 'onChange'>;
  readonly preferences: { get(): Pick<Preferences, 'updates'>; onChange(listener: () => void): () => void };
  /** `unsupported`, or where it all begins. */
  readonly initial: Extract<UpdateState, { kind: 'unsupported' | 'idle' }>;
  /** Called once, at the first look. */
  readonly openUpdater: (listeners: UpdaterListeners) => Promise<Updater>;
  readonly describeFailure: (message: string) => string;
  readonly time: { now(): number; after(delayMs: number, act: () => void): () => void };
  readonly endForUpdate: (install: () => void) => void;
}

export interface Updates {
  state(): UpdateState;
  /** Returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  /** Looks for a newer version now; answers when it is known whether there is one. Never rejects: `failed` is a state. */
  check(): Promise<UpdateState>;
  /** Ends everything and installs what is `ready`, as soon as ComfyUI has no work. Without a ready update: nothing. */
  install(): void;
  dispose(): void;
}

/** The start has better things to do. */
const FIRST_LOOK_MS = 30_000;
const NEXT_LOOK_MS = 24 * 3_600_000;

export function createUpdateCourse(dependencies: UpdateCourseDependencies): Updates {
  const { link, preferences, openUpdater, describeFailure, time, endForUpdate } = dependencies;
  const listeners = new Set<() => void>();
  let state: UpdateState = dependencies.initial;
  let updater: Promise<Updater> | null = null;
  let isInstallWanted = false;
  let callOff: (() => void) | null = null;

  function happen(event: UpdateEvent): void {
    const next = nextUpdateState(state, event);
    if (isDeepStrictEqual(next, state)) return;
    state = next;
    for (const listener of listeners) listener();
  }

  const isWorkThere = (): boolean => waitsForWork(link.state(), link.status());

  async function check(): Promise<UpdateState> {
    if (state.kind !== 'idle' && state.kind !== 'failed') return state;
    happen({ kind: 'checking' });
    try {
      updater ??= openUpdater({
        found: (version) => happen({ kind: 'found', version }),
        nothingNewer: () => happen({ kind: 'nothingNewer', at: time.now() }),
        progress: (percent) => happen({ kind: 'progress', percent }),
        downloaded: (version, notes) => happen({ kind: 'downloaded', version, notes, waitsForWork: isWorkThere() }),
        failed: (error) => fail(error),
      });
      await (await updater).check();
    } catch (error) {
      updater = null;
      fail(error);
    }
    return state;
  }

  /** The first line: what follows are headers and stacks. */
  function fail(error: unknown): void {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    isInstallWanted = false;
    happen({ kind: 'failed', message: describeFailure(line.slice(0, 300)) });
  }

  function plan(): void {
    const wanted = preferences.get().updates === 'check' && state.kind !== 'unsupported';
    if (wanted === (callOff !== null)) return;
    callOff?.();
    callOff = wanted ? time.after(FIRST_LOOK_MS, look) : null;
  }

  function look(): void {
    callOff = time.after(NEXT_LOOK_MS, look);
    void check();
  }

  function noticeWork(): void {
    if (state.kind !== 'ready') return;
    happen({ kind: 'work', waitsForWork: isWorkThere() });
    installIfFree();
  }

  function installIfFree(): void {
    if (!isInstallWanted || state.kind !== 'ready' || state.waitsForWork || updater === null) return;
    isInstallWanted = false;
    void updater.then(({ install }) => endForUpdate(install));
  }

  const stopListening = [link.onChange(noticeWork), preferences.onChange(plan)];
  plan();
  return {
    state: () => state,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check,
    install() {
      if (state.kind !== 'ready') return;
      isInstallWanted = true;
      noticeWork();
    },
    dispose() {
      for (const stop of stopListening) stop();
      callOff?.();
      listeners.clear();
    },
  };
}
