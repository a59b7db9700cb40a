/** Ways for this process to end at once, as a fault in native code, the system's memory guard, or a library's exit would end it. */

export const crashes = ['segv', 'kill', 'exit'] as const;
export type Crash = (typeof crashes)[number];

export function isCrash(value: unknown): value is Crash {
  return crashes.some((known) => known === value);
}

/** Does not return on a POSIX system: the signals cannot be survived. */
export function crash(how: Crash): void {
  if (how === 'exit') process.exit(3);
  process.kill(process.pid, how === 'segv' ? 'SIGSEGV' : 'SIGKILL');
}
