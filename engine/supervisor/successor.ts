/**
 * Finds the process that took the place of a ComfyUI which restarted itself. ComfyUI-Manager restarts through os.execv: on
 * Linux and macOS that keeps the process, on Windows it makes a new one and ends the old with exit code 0.
 */
import { NONCE_VARIABLE } from './processes/orphans.ts';
import type { ProcessInfo, ProcessTable } from './processes/process-table.ts';

export interface Departed {
  readonly pid: number;
  readonly nonce: string;
  readonly port: number;
}

/** null when nobody is proven to be it: what the departed left running besides (a helper, a browser) is not. */
export async function findSuccessor(
  departed: Departed,
  table: Pick<ProcessTable, 'list' | 'environmentOf' | 'listenerOf'>,
): Promise<ProcessInfo | null> {
  const processes = await table.list();
  const listener = await table.listenerOf(departed.port);
  const candidates: ProcessInfo[] = [];
  for (const process of processes) {
    if (process.pid === departed.pid) continue;
    const listens = listener?.pid === process.pid;
    const namesPort = mentionsNumber(process.command, departed.port);
    if (!listens && !namesPort) continue;
    const nonce = await table.environmentOf(process.pid, NONCE_VARIABLE);
    // Windows shows no environment: there it must be the child of the departed, or hold the port it names.
    const proven =
      nonce === null ? namesPort && (process.parentPid === departed.pid || listens) : nonce === departed.nonce;
    if (proven) candidates.push(process);
  }
  const pids = new Set(candidates.map((candidate) => candidate.pid));
  return candidates.find((candidate) => !pids.has(candidate.parentPid)) ?? null;
}

function mentionsNumber(command: string, number: number): boolean {
  return new RegExp(`(?<!\\d)${number}(?!\\d)`).test(command);
}
