/** Who runs on this machine, with the proof of who they are. Reads only: ending processes is process-tree.ts. */
import { createLinuxProcessTable } from './process-table-linux.ts';
import { createMacosProcessTable } from './process-table-macos.ts';
import { createWindowsProcessTable } from './process-table-windows.ts';
import { runCommand } from './run-command.ts';

/** A process that holds resources: one that is dead and only waits to be reaped is not listed. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  /** null where the system has no process groups (Windows). */
  readonly groupId: number | null;
  /** Opaque; equal for the same process only, also across a restart of the machine. */
  readonly startToken: string;
  /** The whole command line, for people and for evidence; never to be parsed back into arguments. */
  readonly command: string;
}

export interface ProcessTable {
  list(): Promise<ProcessInfo[]>;
  find(pid: number): Promise<ProcessInfo | null>;
  /** Value of one environment variable of that process; null when it is not set or cannot be read. */
  environmentOf(pid: number, name: string): Promise<string | null>;
  /** Who listens on a loopback TCP port; null when nobody does, or when the owner cannot be seen. */
  listenerOf(port: number): Promise<ProcessInfo | null>;
}

export interface EnvironmentSearch {
  /** Pids whose environment has `name` set to `value`; those that cannot be read are left out. One pass over the machine. */
  pidsWithEnvironment(name: string, value: string): Promise<ReadonlySet<number>>;
}

export type SearchableProcessTable = ProcessTable & EnvironmentSearch;

export function createProcessTable(platform: NodeJS.Platform = process.platform): SearchableProcessTable {
  switch (platform) {
    case 'linux':
    case 'android':
      return createLinuxProcessTable();
    case 'win32':
      return createWindowsProcessTable({ run: runCommand });
    default:
      // macOS; other systems get as far as their ps and lsof understand the same arguments.
      return createMacosProcessTable({ run: runCommand });
  }
}
