/**
 * Decides, from one look at the process table, which processes belong to a ComfyUI: pure, so that it can be tried on every
 * tree. A member is a descendant, a process of the root's group, one that carries the launch nonce, or one seen as a member
 * before; a browser that left the group, and what descends from it, is not.
 */
import { isBrowserWindow } from './browsers.ts';
import type { ProcessInfo } from './process-table.ts';

/** The process that was launched, proven by its start token. */
export interface TreeRoot {
  readonly pid: number;
  readonly startToken: string;
}

export interface Look {
  readonly processes: readonly ProcessInfo[];
  /** Pids whose environment carries the nonce given at launch. */
  readonly nonceCarriers: ReadonlySet<number>;
  /** The engine itself: it and its ancestors are never members. */
  readonly ownPid: number;
}

/** Start tokens by pid of what earlier looks found, so that a grandchild is still known after its parent died. */
export interface Memory {
  readonly members: ReadonlyMap<number, string>;
  readonly spared: ReadonlyMap<number, string>;
}

export interface TreeMembers {
  readonly members: readonly ProcessInfo[];
  readonly spared: readonly ProcessInfo[];
  /** True when the group that bears the root's pid is ours: signalling it reaches members and nobody else. */
  readonly ownsGroup: boolean;
}

export function findMembers(root: TreeRoot, look: Look, memory: Memory): TreeMembers {
  const byPid = new Map(look.processes.map((process) => [process.pid, process]));
  const childrenOf = groupByParent(look.processes);
  const untouchable = ancestry(look.ownPid, byPid);
  const isRemembered = (seen: ReadonlyMap<number, string>, process: ProcessInfo) =>
    seen.get(process.pid) === process.startToken;

  const holder = byPid.get(root.pid);
  const rootProcess = holder?.startToken === root.startToken ? holder : undefined;
  const bearsRootGroup = (process: ProcessInfo) => process.groupId === root.pid;
  const isKnown = (process: ProcessInfo) =>
    isRemembered(memory.members, process) || look.nonceCarriers.has(process.pid);
  // A group outlives its leader, and no new process is given a pid that a group still bears. But the group of a root that is
  // gone may be a later one's under the same pid, even when that leader is gone too: then one of its members must be known.
  const groupIsOurs =
    rootProcess !== undefined
      ? bearsRootGroup(rootProcess)
      : holder === undefined && look.processes.some((process) => bearsRootGroup(process) && isKnown(process));
  const inOwnGroup = (process: ProcessInfo) => groupIsOurs && bearsRootGroup(process);

  const seeds = look.processes.filter(
    (process) =>
      process === rootProcess || inOwnGroup(process) || isKnown(process) || isRemembered(memory.spared, process),
  );
  const reached = descend(seeds, childrenOf, untouchable);

  const hasLeft = (process: ProcessInfo) =>
    rootProcess === undefined || process.groupId === null || process.groupId !== rootProcess.groupId;
  const opened = [...reached].filter(
    (process) =>
      process !== rootProcess &&
      (isRemembered(memory.spared, process) || (hasLeft(process) && isBrowserWindow(process.command))),
  );
  const spared = descend(opened, childrenOf, untouchable);
  if (rootProcess !== undefined) spared.delete(rootProcess);

  const members = [...reached].filter((process) => !spared.has(process));
  const sharesGroup = [...spared, ...look.processes.filter((process) => untouchable.has(process.pid))].some(inOwnGroup);
  return { members, spared: [...spared], ownsGroup: !sharesGroup && members.some(inOwnGroup) };
}

/** `pid` and all its ancestors, and the pids nobody may touch. */
function ancestry(pid: number, byPid: ReadonlyMap<number, ProcessInfo>): Set<number> {
  const pids = new Set([0, 1]);
  for (let next: number | undefined = pid; next !== undefined && !pids.has(next); next = byPid.get(next)?.parentPid) {
    pids.add(next);
  }
  return pids;
}

function groupByParent(processes: readonly ProcessInfo[]): Map<number, ProcessInfo[]> {
  const childrenOf = new Map<number, ProcessInfo[]>();
  for (const process of processes) {
    const siblings = childrenOf.get(process.parentPid);
    if (siblings === undefined) childrenOf.set(process.parentPid, [process]);
    else siblings.push(process);
  }
  return childrenOf;
}

function descend(
  seeds: readonly ProcessInfo[],
  childrenOf: ReadonlyMap<number, readonly ProcessInfo[]>,
  untouchable: ReadonlySet<number>,
): Set<ProcessInfo> {
  const reached = new Set<ProcessInfo>();
  const waiting = [...seeds];
  for (let process = waiting.pop(); process !== undefined; process = waiting.pop()) {
    if (reached.has(process) || untouchable.has(process.pid)) continue;
    reached.add(process);
    waiting.push(...(childrenOf.get(process.pid) ?? []));
  }
  return reached;
}
