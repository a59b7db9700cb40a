/** What a running process holds of the machine: memory and open files. Linux alone. */
import { readdirSync, readFileSync } from 'node:fs';

export function residentMegabytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Sockets among them: what a connection that was forgotten leaves behind. */
export function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
