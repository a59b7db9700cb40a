/**
 * Reaches the one engine of a data folder: proves the one that runs, or starts one; sees whether it is lost; ends it. Decides nothing
 * about trying again: that is state.ts.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineLock } from '../../contract/engine-lock.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type Status, StatusSchema } from '../../contract/status.ts';
import type { EngineWords } from '../../strings/en/shell.ts';
import { createEngineClient, type EngineClient, UNREACHABLE } from './client.ts';
import { EngineRefusal } from './engine-link.ts';
import type { EngineEnd, StartedEngine } from './engine-process.ts';
import { isHolder, reachableUrl, readHolder } from './running-engine.ts';
import type { StartTokenOf } from './start-token.ts';
import type { StartedEngines } from './started-engines.ts';
import type { HostEvent } from './state.ts';

export type Loss = Extract<HostEvent, { kind: 'lost' }>;

export interface Reached {
  readonly kind: 'reached';
  readonly client: EngineClient;
  readonly lock: EngineLock;
  readonly status: Status;
  /** A shell started it, this one or an earlier one. */
  readonly ours: boolean;
  /** By this very search: it was given the secrets. */
  readonly startedNow: boolean;
}

export interface EngineSearchDeps {
  /** Of the engine wanted now: the demo may have one of its own. */
  readonly folder: () => string;
  /** Starts the process and gives it the secrets. */
  readonly startProcess: (folder: string) => StartedEngine;
  readonly startTokenOf: StartTokenOf;
  readonly startedEngines: StartedEngines;
  /** The access token to send to the engine of that folder, where one is known. */
  readonly token: (folder: string) => string | null;
  readonly words: () => EngineWords;
  readonly limits?: SearchLimits;
}

export interface SearchLimits {
  /** For one answer. */
  readonly statusMs: number;
  /** A running engine may answer late while it starts or ends. */
  readonly answerMs: number;
  /** From the start of the process to its first answer. */
  readonly startMs: number;
  /** A connected engine that answers nothing. */
  readonly silenceMs: number;
  /** From asking to the end of the process; ending ComfyUI takes most of it. */
  readonly endMs: number;
}

export const SEARCH_LIMITS: SearchLimits = {
  statusMs: 5_000,
  answerMs: 20_000,
  startMs: 60_000,
  silenceMs: 15_000,
  endMs: 45_000,
};
const LOOK_MS = 100;
const KILL_LIMIT_MS = 5_000;
/** Starting again cannot help: the user has to change something. */
const FINAL = new Set([
  'public_port_taken',
  'data_folder_unusable',
  'token_needed_for_address',
  'invalid_settings',
  'node_missing',
]);

export interface EngineSearch {
  /** @param wanted false: nobody waits for it any more, and the answer does not matter */
  reach(wanted: () => boolean): Promise<Reached | Loss>;
  /** After its event stream ended: null when it answers again. A silent engine of ours is ended. */
  isLost(engine: Reached, wanted: () => boolean): Promise<Loss | null>;
  /** @throws EngineRefusal work_in_progress */
  askToEnd(engine: Reached, force: boolean): Promise<void>;
  /** Resolves when its process is gone; what does not go by itself is killed. null: what is being started. */
  untilGone(engine: Reached | null): Promise<void>;
}

export function createEngineSearch(deps: EngineSearchDeps): EngineSearch {
  const { folder: folderNow, startProcess, startTokenOf, startedEngines, token, words } = deps;
  const limits = deps.limits ?? SEARCH_LIMITS;
  let child: StartedEngine | null = null;

  const lost = (reason: string, code: string | null = null, final = false): Loss => ({
    kind: 'lost',
    reason,
    code,
    final,
  });

  /** null: it does not answer (yet). */
  async function ask(lock: EngineLock, folder: string, startedNow: boolean): Promise<Reached | Loss | null> {
    if (lock.url === null) return null;
    const client = createEngineClient({ url: reachableUrl(lock.url), token: () => token(folder) });
    try {
      const answer = await client.json('GET', MANAGER_ROUTES.status, undefined, limits.statusMs);
      const status = StatusSchema.safeParse(answer).data;
      const ours = startedNow || startedEngines.isOurs(lock);
      if (status?.engine.pid === lock.pid) return { kind: 'reached', client, lock, status, ours, startedNow };
      client.close();
      if (status !== undefined) return null;
      if (!ours) return lost(words().otherVersion(client.url), 'other_version', true);
      // An engine that an earlier version of this shell left behind: its work is ended with it.
      await client
        .json('POST', MANAGER_ROUTES.quit, { force: true }, limits.statusMs)
        .catch(() => signal(lock.pid, 'SIGTERM'));
      return null;
    } catch (error) {
      client.close();
      if (!(error instanceof EngineRefusal)) throw error;
      if (error.code === UNREACHABLE) return null;
      return lost(error.code === 'token_required' ? words().tokenUnknown : error.message, error.code, true);
    }
  }

  /** null: nobody holds the folder. */
  async function findRunning(folder: string, wanted: () => boolean): Promise<Reached | Loss | null> {
    const deadline = performance.now() + limits.answerMs;
    while (wanted()) {
      const lock = await readHolder(folder, startTokenOf);
      if (lock === null) return null;
      const answer = await ask(lock, folder, false);
      if (answer !== null) return answer;
      if (performance.now() > deadline) {
        if (!startedEngines.isOurs(lock)) return lost(words().silent(lock.pid));
        await killHolder(lock);
        return null;
      }
      await delay(LOOK_MS);
    }
    return null;
  }

  async function start(folder: string, wanted: () => boolean): Promise<Reached | Loss> {
    const startedAt = Date.now();
    let started: StartedEngine;
    try {
      started = startProcess(folder);
    } catch (error) {
      // Before the engine could say it itself: there is no place for its output.
      return lost(words().folderUnusable(folder, String(error)), 'data_folder_unusable', true);
    }
    child = started;
    if (started.pid !== null) startedEngines.remember(started.pid, startedAt);
    const deadline = performance.now() + limits.startMs;
    while (wanted()) {
      const end = started.end();
      if (end !== undefined) return lossOf(end);
      const lock = await readHolder(folder, startTokenOf);
      const answer = lock?.pid === started.pid && lock !== null ? await ask(lock, folder, true) : null;
      if (answer !== null) return answer;
      if (performance.now() > deadline) {
        started.kill('SIGKILL');
        return lost(words().slow(Math.round(limits.startMs / 1000)));
      }
      await Promise.race([delay(LOOK_MS), started.ended]);
    }
    return lost('');
  }

  function lossOf(end: EngineEnd): Loss {
    if (end.error !== null) {
      const { code, message, next } = end.error;
      const reason = code === 'node_missing' ? words().nodeMissing(message) : words().refused(code, message, next);
      return lost(reason, code, FINAL.has(code));
    }
    return lost(words().ended(end.signal ?? end.exitCode, end.lastLines));
  }

  async function killHolder(lock: EngineLock): Promise<void> {
    // Once more, just before: the pid may be another program's by now.
    if (await isHolder(lock, startTokenOf)) signal(lock.pid, 'SIGKILL');
    const deadline = performance.now() + KILL_LIMIT_MS;
    while (performance.now() < deadline && (await isHolder(lock, startTokenOf))) await delay(LOOK_MS);
  }

  return {
    async reach(wanted) {
      const folder = folderNow();
      return (await findRunning(folder, wanted)) ?? (wanted() ? start(folder, wanted) : lost(''));
    },

    async isLost(engine, wanted) {
      const deadline = performance.now() + limits.silenceMs;
      while (wanted()) {
        if (!(await isHolder(engine.lock, startTokenOf))) {
          const end = child !== null && child.pid === engine.lock.pid ? await child.ended : null;
          return end === null ? lost(words().gone(engine.lock.pid)) : lossOf(end);
        }
        const answered = await engine.client.json('GET', MANAGER_ROUTES.status, undefined, limits.statusMs).then(
          () => true,
          () => false,
        );
        if (answered) return null;
        if (performance.now() > deadline) {
          if (engine.ours) await killHolder(engine.lock);
          return lost(words().silent(engine.lock.pid));
        }
        await delay(LOOK_MS);
      }
      return null;
    },

    async askToEnd({ client, lock }, force) {
      // Of a connection of its own: the one at hand was let go with everything that was under way on it.
      const asker = createEngineClient({ url: client.url, token: () => token(folderNow()) });
      try {
        await asker.json('POST', MANAGER_ROUTES.quit, { force }, 10_000);
      } catch (error) {
        if (error instanceof EngineRefusal && error.code === 'work_in_progress') throw error;
        if (await isHolder(lock, startTokenOf)) signal(lock.pid, 'SIGTERM');
      } finally {
        asker.close();
      }
    },

    async untilGone(engine) {
      const started = child;
      if (engine === null && started?.end() === undefined) started?.kill('SIGTERM');
      const lives = async () =>
        engine === null ? started !== null && started.end() === undefined : isHolder(engine.lock, startTokenOf);
      const deadline = performance.now() + limits.endMs;
      while (await lives()) {
        if (performance.now() > deadline) {
          if (engine !== null) await killHolder(engine.lock);
          else started?.kill('SIGKILL');
          return;
        }
        await delay(LOOK_MS);
      }
    },
  };
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}
