/**
 * Holds the process of ComfyUI with everything that proves and protects it: the record on disk, the lifeline, the watch for
 * its end. At most one is held at a time; when to start or end it is decided elsewhere.
 */
import { closeSync } from 'node:fs';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { endProcess } from './ending.ts';
import { isFirstBootLine } from './health/boot-phases.ts';
import { type ComfyProcess, spawnComfy, watchForeignProcess } from './launch/comfy-process.ts';
import type { PreparedLaunch } from './launch/launch-checks.ts';
import type { LaunchIntent } from './launch/launch-intent.ts';
import type { LogCapture } from './log/log-capture.ts';
import type { Lifeline, StartLifeline } from './processes/lifeline.ts';
import { NONCE_VARIABLE, type ProcessRecord, type ProcessRecords } from './processes/orphans.ts';
import type { ProcessInfo, SearchableProcessTable } from './processes/process-table.ts';
import type { ProcessTree } from './processes/process-tree.ts';
import { findSuccessor } from './successor.ts';

export interface CustodyDeps {
  readonly table: SearchableProcessTable;
  readonly tree: ProcessTree;
  readonly records: ProcessRecords;
  readonly recordFile: string;
  readonly intent: LaunchIntent;
  readonly startLifeline: StartLifeline;
  readonly comfyLog: LogCapture;
  readonly clock: Clock;
  readonly wait: (delayMs: number) => Promise<void>;
  readonly log: Log;
  readonly platform: NodeJS.Platform;
}

/** The process in our hands. After a restart of its own it is another one, with the same nonce and port. */
export interface Held {
  readonly process: ComfyProcess;
  readonly host: string;
  readonly port: number;
  readonly nonce: string;
  readonly withoutCustomNodes: boolean;
  /** Epoch milliseconds. */
  readonly launchedAt: number;
  /** Sequence of the last line that was printed before it. */
  readonly logMark: number;
  readonly lifeline: Lifeline | null;
}

export interface LaunchIdentity {
  readonly nonce: string;
  readonly generation: number;
  readonly withoutCustomNodes: boolean;
}

export interface Custody {
  /** Starts a process. @throws AppError command_not_found, exited_early or data_folder_unusable; nothing is left running then */
  launch(prepared: PreparedLaunch, identity: LaunchIdentity): Promise<Held>;
  /** Takes over one of an earlier engine, proven ours. */
  takeOver(record: ProcessRecord): Held;
  /** The process that replaced this one, in our hands; null when there is none. */
  followSuccessor(held: Held, generation: number): Promise<Held | null>;
  /** Writes down that the same process is another generation now. */
  renumber(held: Held, generation: number): Promise<void>;
  isInTree(held: Held, pid: number): Promise<boolean>;
  members(held: Held): Promise<number[]>;
  /** Asks the whole tree to end, kills it after `graceMs`. Resolves with the pids that would not go. */
  end(held: Held, graceMs: number): Promise<number[]>;
  /** Kills what outlived a process that is gone. */
  endLeftovers(held: Held): Promise<number[]>;
  /** Nothing is left of it: removes record and lifeline. */
  letGo(held: Held): void;
  /** Ends what an engine left that was killed between spawn and record. */
  endUnrecorded(): Promise<void>;
}

/** Together within the 15 s in which a ComfyUI without an engine is adopted or gone. */
const LIFELINE_WAIT_SECONDS = 9;
const LIFELINE_GRACE_SECONDS = 4;

export function createCustody(deps: CustodyDeps): Custody {
  const { table, tree, records, intent, comfyLog, clock, platform } = deps;
  const ending = { tree, clock, wait: deps.wait };

  function guard(pid: number): Lifeline {
    return deps.startLifeline({
      rootPid: pid,
      recordFile: deps.recordFile,
      waitSeconds: LIFELINE_WAIT_SECONDS,
      graceSeconds: LIFELINE_GRACE_SECONDS,
    });
  }

  function record(held: Omit<Held, 'lifeline' | 'logMark'>, info: ProcessInfo, generation: number): void {
    const { host, port, nonce, launchedAt, withoutCustomNodes } = held;
    records.write({
      pid: info.pid,
      startToken: info.startToken,
      nonce,
      host,
      port,
      generation,
      enginePid: process.pid,
      launchedAt,
      withoutCustomNodes,
    });
  }

  function watchForeign(pid: number, startToken: string): ComfyProcess {
    // Reading /proc is free and sees zombies for what they are; elsewhere a look would start a process every second.
    const isAlive =
      platform === 'linux'
        ? async () => (await table.find(pid))?.startToken === startToken
        : async () => acceptsSignals(pid);
    return watchForeignProcess(pid, isAlive, clock);
  }

  async function spawnRecorded(prepared: PreparedLaunch, identity: LaunchIdentity): Promise<Held> {
    const descriptor = comfyLog.openForChild();
    comfyLog.follow();
    const logMark = comfyLog.lastSequence();
    // A copy of ours would keep the file open for nothing.
    const spawned = await spawnComfy(prepared.plan, descriptor, platform).finally(() => closeSync(descriptor));
    const { nonce, withoutCustomNodes } = identity;
    const { host, port } = prepared;
    const held = { process: spawned, host, port, nonce, withoutCustomNodes, launchedAt: clock.now(), logMark };
    const info = await table.find(spawned.pid);
    // Gone already, or not to be seen: what cannot be recorded must not run. Its exit is on the way.
    if (info === null) {
      spawned.turnAway();
      return { ...held, lifeline: null };
    }
    try {
      record(held, info, identity.generation);
    } catch (error) {
      await tree.end(spawned.pid);
      throw error;
    }
    const lifeline = guard(spawned.pid);
    spawned.letRun();
    return { ...held, lifeline };
  }

  async function endCarriers(nonce: string): Promise<number[]> {
    const left = new Set<number>();
    for (const pid of await table.pidsWithEnvironment(NONCE_VARIABLE, nonce)) {
      for (const stubborn of await tree.end(pid)) left.add(stubborn);
    }
    return [...left];
  }

  return {
    async launch(prepared, identity) {
      intent.declare(identity.nonce);
      try {
        return await spawnRecorded(prepared, identity);
      } catch (error) {
        comfyLog.rest();
        throw error;
      } finally {
        intent.fulfil();
      }
    },

    takeOver(found) {
      // First the lifeline, then the record: an engine that dies in between is still followed by one of the two.
      const lifeline = guard(found.pid);
      records.write({ ...found, enginePid: process.pid });
      const { host, port, nonce, withoutCustomNodes, launchedAt } = found;
      const watched = watchForeign(found.pid, found.startToken);
      const logMark = startOfRun(comfyLog);
      return { process: watched, host, port, nonce, withoutCustomNodes, launchedAt, logMark, lifeline };
    },

    async followSuccessor(held, generation) {
      const info = await findSuccessor({ pid: held.process.pid, nonce: held.nonce, port: held.port }, table);
      if (info === null) return null;
      const successor = { ...held, process: watchForeign(info.pid, info.startToken), launchedAt: clock.now() };
      const lifeline = guard(info.pid);
      record(successor, info, generation);
      held.lifeline?.release();
      held.process.release();
      return { ...successor, lifeline };
    },

    async renumber(held, generation) {
      const info = await table.find(held.process.pid);
      if (info !== null && !held.process.hasExited()) record(held, info, generation);
    },

    isInTree: async (held, pid) => (await tree.remaining(held.process.pid)).includes(pid),
    members: (held) => tree.remaining(held.process.pid),
    end: (held, graceMs) => endProcess(held.process, graceMs, ending),

    async endLeftovers(held) {
      const left = await tree.end(held.process.pid);
      // Without a record the tree of a process that is gone can not be known by its pid.
      return held.lifeline === null ? [...left, ...(await endCarriers(held.nonce))] : left;
    },

    letGo(held) {
      held.lifeline?.release();
      held.process.release();
      comfyLog.rest();
      try {
        records.clear();
      } catch (error) {
        // It names a process that is gone; the next engine will find that out.
        deps.log.warn({ error }, 'the process record could not be removed');
      }
    },

    async endUnrecorded() {
      const nonce = intent.read();
      if (nonce === null) return;
      if (records.read()?.nonce !== nonce) {
        const left = await endCarriers(nonce);
        if (left.length > 0) deps.log.warn({ left }, 'processes of an interrupted start would not end');
      }
      intent.fulfil();
    },
  };
}

function acceptsSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where the newest run begins in what an earlier engine's log still holds. */
function startOfRun(comfyLog: LogCapture): number {
  try {
    comfyLog.follow();
  } catch {
    // The adopted ComfyUI holds its log open already; ours is only for reading it.
    return comfyLog.lastSequence();
  }
  const first = comfyLog.after(0).findLast((line) => isFirstBootLine(line.text));
  return first === undefined ? 0 : first.sequence - 1;
}
