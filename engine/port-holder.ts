/** Names the program that listens where Stoker wants to: "another program" is no help to a person. Ends nothing. */
import { AppError } from './platform/app-error.ts';
import { programName } from './supervisor/processes/browsers.ts';
import type { ProcessTable } from './supervisor/processes/process-table.ts';

/** @returns the error with the program in its words where that can be seen, else the error as it is */
export async function nameHolder(error: unknown, table: Pick<ProcessTable, 'listenerOf'>): Promise<unknown> {
  if (!(error instanceof AppError) || error.code !== 'public_port_taken') return error;
  const { host, port } = error.details;
  const holder = await table.listenerOf(Number(port)).catch(() => null);
  if (holder === null) return error;
  // Its name alone: other people's command lines may hold secrets.
  const program = programName(holder.command);
  return new AppError('public_port_taken', `${program} (process ${holder.pid}) listens on ${host}:${port} already.`, {
    details: { host, port, pid: holder.pid, program },
    cause: error,
  });
}
