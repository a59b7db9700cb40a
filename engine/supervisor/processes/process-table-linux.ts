/** The process table of Linux, read from /proc without starting any process: one walk over 500 processes takes about 10 ms. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessInfo, SearchableProcessTable } from './process-table.ts';

export interface ProcessStat {
  readonly parentPid: number;
  readonly groupId: number;
  readonly startTicks: string;
  readonly name: string;
  /** False for a zombie: nothing is left of it but its exit code. */
  readonly holdsResources: boolean;
}

/**
 * Reads /proc/<pid>/stat; null when it is not one. The name in parentheses may itself hold spaces, parentheses and
 * newlines, so fields are counted from the last parenthesis.
 */
export function parseStat(text: string): ProcessStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  // proc(5) numbers fields from 1; the first after the name is field 3.
  const fields = text
    .slice(close + 1)
    .trim()
    .split(/\s+/);
  const field = (number: number) => fields[number - 3];
  const [state, startTicks] = [field(3), field(22)];
  const [parentPid, groupId, threads] = [Number(field(4)), Number(field(5)), Number(field(20))];
  if (state === undefined || startTicks === undefined || !Number.isInteger(parentPid + groupId + threads)) return null;
  return {
    parentPid,
    groupId,
    startTicks,
    name: text.slice(open + 1, close),
    // A leader whose other threads still release GPU memory inside the driver also shows Z: it is not gone yet.
    holdsResources: !(state === 'X' || (state === 'Z' && threads <= 1)),
  };
}

/** Socket inodes that listen on `port` at a loopback or wildcard address, from /proc/net/tcp or tcp6. */
export function parseListeningInodes(text: string, port: number): string[] {
  const inodes: string[] = [];
  for (const line of text.split('\n')) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (local === undefined || inode === undefined || state !== '0A') continue;
    const [address, portHex] = local.split(':');
    if (address === undefined || portHex === undefined || Number.parseInt(portHex, 16) !== port) continue;
    if (isReachableOverLoopback(address)) inodes.push(inode);
  }
  return inodes;
}

/** Addresses are 32-bit words in host order: 127.0.0.1 is 0100007F on the little-endian machines that run ComfyUI. */
function isReachableOverLoopback(address: string): boolean {
  return (
    /^0+$/.test(address) ||
    /^[0-9A-F]{6}7F$/.test(address) ||
    address === '00000000000000000000000001000000' ||
    /^0{16}FFFF0000([0-9A-F]{6}7F|0{8})$/.test(address)
  );
}

/** @param proc where the proc filesystem is mounted; another folder in tests. */
export function createLinuxProcessTable(proc: string = '/proc'): SearchableProcessTable {
  // Start times count from boot in hundredths: two processes share one, and the same pid gets it again after a restart.
  const bootId = readText(join(proc, 'sys/kernel/random/boot_id'))?.trim() ?? 'unknown-boot';

  function pids(): number[] {
    return readdirSync(proc)
      .filter((name) => /^[1-9]\d*$/.test(name))
      .map(Number);
  }

  function read(pid: number): ProcessInfo | null {
    if (!Number.isInteger(pid) || pid < 1) return null;
    const text = readText(join(proc, String(pid), 'stat'));
    const stat = text === null ? null : parseStat(text);
    if (stat === null || !stat.holdsResources) return null;
    const command = (readText(join(proc, String(pid), 'cmdline')) ?? '').replaceAll('\0', ' ').trim();
    return {
      pid,
      parentPid: stat.parentPid,
      groupId: stat.groupId,
      startToken: `${bootId}/${stat.startTicks}/${pid}`,
      // Kernel threads and dying processes have no command line left.
      command: command === '' ? `[${stat.name}]` : command,
    };
  }

  function environmentEntry(pid: number, name: string): string | null {
    const prefix = `${name}=`;
    const entries = readText(join(proc, String(pid), 'environ'))?.split('\0') ?? [];
    return entries.find((entry) => entry.startsWith(prefix))?.slice(prefix.length) ?? null;
  }

  function holdsSocket(pid: number, links: ReadonlySet<string>): boolean {
    const folder = join(proc, String(pid), 'fd');
    return listFolder(folder).some((descriptor) => links.has(readLink(join(folder, descriptor)) ?? ''));
  }

  return {
    async list() {
      return pids()
        .map(read)
        .filter((process) => process !== null);
    },

    async find(pid) {
      return read(pid);
    },

    async environmentOf(pid, name) {
      return environmentEntry(pid, name);
    },

    async pidsWithEnvironment(name, value) {
      return new Set(pids().filter((pid) => environmentEntry(pid, name) === value));
    },

    async listenerOf(port) {
      const inodes = ['net/tcp', 'net/tcp6'].flatMap((file) =>
        parseListeningInodes(readText(join(proc, file)) ?? '', port),
      );
      if (inodes.length === 0) return null;
      const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
      const holders = pids()
        .filter((pid) => holdsSocket(pid, links))
        .map(read)
        .filter((process) => process !== null);
      // Forked workers share their parent's socket: the one to name is the one the others descend from.
      const holderPids = new Set(holders.map((holder) => holder.pid));
      return holders.find((holder) => !holderPids.has(holder.parentPid)) ?? holders[0] ?? null;
    },
  };
}

/** null also for a process that ended a moment ago (ENOENT, ESRCH) and one of another user (EACCES): both are everyday here. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
