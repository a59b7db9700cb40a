/**
 * Ends ComfyUI and everything it started, and nothing else: every signal is preceded by a check that the pid still belongs
 * to the process that was seen. The tree-kill library is not used: it follows parent links alone, so it loses grandchildren
 * whose parent died, checks no start time, and on Windows would take the browser that ComfyUI opened.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { isBrowserWindow } from './browsers.ts';
import { NONCE_VARIABLE, type ProcessRecords } from './orphans.ts';
import type { ProcessInfo, SearchableProcessTable } from './process-table.ts';
import { createTaskkill } from './process-tree-windows.ts';
import { runCommand } from './run-command.ts';
import { findMembers, type Look, type TreeMembers } from './tree-members.ts';

/** A `rootPid` that cannot be proven to be ours (by the record, by what was seen before, or as our child) has an empty tree. */
export interface ProcessTree {
  /** Sends SIGTERM to the root's group and to members outside it, once. On Windows, where there is no such signal, ends them. */
  askToEnd(rootPid: number): Promise<void>;
  /** Ends every member and waits until none is left, 5 s at most; resolves with the pids that are. */
  end(rootPid: number): Promise<number[]>;
  /** Pids of the members that live. Looking also remembers them, so that they stay known when their parent dies. */
  remaining(rootPid: number): Promise<number[]>;
}

export interface ProcessTreeDeps {
  readonly table: SearchableProcessTable;
  readonly records: Pick<ProcessRecords, 'read'>;
  /** As process.kill: a negative pid means its group. */
  readonly kill?: (pid: number, signal: NodeJS.Signals) => void;
  /** Tried once on members that withstood `kill` for a second. */
  readonly lastResort?: (pid: number) => Promise<void>;
  readonly ownPid?: number;
  readonly clock?: Pick<Clock, 'monotonic'>;
  readonly wait?: (delayMs: number) => Promise<void>;
}

const END_LIMIT_MS = 5_000;
const LAST_RESORT_AFTER_MS = 1_000;
/** A killed process needs a few milliseconds to be gone; one that gives back VRAM, some hundreds. */
const LOOK_AGAIN_MS = 40;
const MOST_SURVEYS = 5;

interface KnownTree {
  readonly startToken: string;
  readonly nonce: string | null;
  readonly members: ReadonlyMap<number, string>;
  readonly spared: ReadonlyMap<number, string>;
}

export function createProcessTree(deps: ProcessTreeDeps): ProcessTree {
  const { table, records } = deps;
  const kill = deps.kill ?? ((pid, signal) => void process.kill(pid, signal));
  const lastResort = deps.lastResort ?? (process.platform === 'win32' ? createTaskkill(runCommand) : undefined);
  const ownPid = deps.ownPid ?? process.pid;
  const clock = deps.clock ?? systemClock;
  // Not Clock.after: its timers let the engine exit, and an engine that exits while it stops ComfyUI leaves an orphan.
  const wait = deps.wait ?? ((delayMs) => sleep(delayMs));
  const knownTrees = new Map<number, KnownTree>();

  /** What proves that `rootPid` is ours; null when nothing does. */
  async function recognise(rootPid: number): Promise<KnownTree | null> {
    const known = knownTrees.get(rootPid);
    const record = records.read();
    if (record?.pid === rootPid) {
      return known?.startToken === record.startToken ? known : blankTree(record.startToken, record.nonce);
    }
    if (known !== undefined) return known;
    const root = await table.find(rootPid);
    if (root === null) return null;
    const nonce = await table.environmentOf(rootPid, NONCE_VARIABLE);
    // The user's browser inherits the nonce of the ComfyUI that opened it, and is no ComfyUI for that.
    const isOurs = (nonce !== null && !isBrowserWindow(root.command)) || root.parentPid === ownPid;
    return isOurs ? blankTree(root.startToken, nonce) : null;
  }

  /**
   * A carrier that is not in the list was born after it, perhaps of one that has ended since, and one that is not what was
   * listed under its pid was given it meanwhile: such a survey is not whole.
   */
  async function survey(nonce: string | null): Promise<Pick<Look, 'processes' | 'nonceCarriers'>> {
    for (let tries = 1; ; tries += 1) {
      const processes = await table.list();
      const nonceCarriers = nonce === null ? [] : [...(await table.pidsWithEnvironment(NONCE_VARIABLE, nonce))];
      const listed = new Map(processes.map((process) => [process.pid, process]));
      const areListed = await Promise.all(
        nonceCarriers.map(async (pid) => {
          const process = listed.get(pid);
          return process !== undefined && (await isStill(process));
        }),
      );
      if (tries === MOST_SURVEYS || areListed.every(Boolean)) {
        return { processes, nonceCarriers: new Set(nonceCarriers) };
      }
    }
  }

  async function look(rootPid: number): Promise<TreeMembers | null> {
    const tree = await recognise(rootPid);
    if (tree === null) return null;
    const { processes, nonceCarriers } = await survey(tree.nonce);
    const found = findMembers(
      { pid: rootPid, startToken: tree.startToken },
      { processes, nonceCarriers, ownPid },
      { members: tree.members, spared: tree.spared },
    );
    // What is not found again is dead for good: start tokens do not come back.
    if (found.members.length + found.spared.length === 0) knownTrees.delete(rootPid);
    else knownTrees.set(rootPid, { ...tree, members: tokensOf(found.members), spared: tokensOf(found.spared) });
    return found;
  }

  async function isStill(member: ProcessInfo): Promise<boolean> {
    return (await table.find(member.pid))?.startToken === member.startToken;
  }

  async function signalAll(rootPid: number, found: TreeMembers, signal: NodeJS.Signals): Promise<void> {
    const inGroup = found.members.filter((member) => found.ownsGroup && member.groupId === rootPid);
    for (const witness of inGroup) {
      // One living witness proves the group; the signal then reaches also what it forked a moment ago.
      if (!(await isStill(witness))) continue;
      send(-rootPid, signal);
      break;
    }
    for (const member of found.members) {
      if (!inGroup.includes(member) && (await isStill(member))) send(member.pid, signal);
    }
  }

  function send(target: number, signal: NodeJS.Signals): void {
    try {
      kill(target, signal);
    } catch (error) {
      // ESRCH: it ended by itself. EPERM: it is another user's now (setuid); `end` reports it as left.
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ESRCH' && code !== 'EPERM') throw error;
    }
  }

  return {
    async askToEnd(rootPid) {
      const found = await look(rootPid);
      if (found !== null) await signalAll(rootPid, found, 'SIGTERM');
    },

    async end(rootPid) {
      const startedAt = clock.monotonic();
      let lastResortLeft = lastResort !== undefined;
      for (;;) {
        const found = await look(rootPid);
        if (found === null || found.members.length === 0) return [];
        const elapsedMs = clock.monotonic() - startedAt;
        if (elapsedMs >= END_LIMIT_MS) return pidsOf(found);
        await signalAll(rootPid, found, 'SIGKILL');
        if (lastResort !== undefined && lastResortLeft && elapsedMs >= LAST_RESORT_AFTER_MS) {
          lastResortLeft = false;
          for (const member of found.members) if (await isStill(member)) await lastResort(member.pid);
        }
        await wait(LOOK_AGAIN_MS);
      }
    },

    async remaining(rootPid) {
      const found = await look(rootPid);
      return found === null ? [] : pidsOf(found);
    },
  };
}

function blankTree(startToken: string, nonce: string | null): KnownTree {
  return { startToken, nonce, members: new Map(), spared: new Map() };
}

function tokensOf(processes: readonly ProcessInfo[]): Map<number, string> {
  return new Map(processes.map((process) => [process.pid, process.startToken]));
}

function pidsOf(found: TreeMembers): number[] {
  return found.members.map((member) => member.pid).sort((a, b) => a - b);
}
