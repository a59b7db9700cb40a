/**
 * Everything the process prints: to stderr as ComfyUI does, or to stdout with --log-stdout, and kept for /internal/logs.
 * Nothing else in the simulator writes to a standard stream.
 */

export interface LogEntry {
  /** Local time as Python's isoformat prints it, to the microsecond. */
  t: string;
  /** One write, with its line end. */
  m: string;
}

export interface ProcessLog {
  /** Prints one message; it may hold several lines. Errors stay on stderr also with --log-stdout. */
  print(message: string, level?: 'info' | 'error'): void;
  /** The last 300 writes, oldest first. */
  entries(): readonly LogEntry[];
  /** Calls back for every later write. Returns the way to stop it. */
  onEntry(listener: (entry: LogEntry) => void): () => void;
  /** Writes raw text without keeping it; resolves when the pipe has taken it. */
  writeThrough(text: string): Promise<void>;
}

const capacity = 300;

export function createProcessLog(logStdout: boolean): ProcessLog {
  const kept: LogEntry[] = [];
  const listeners = new Set<(entry: LogEntry) => void>();
  // A reader that goes away (EPIPE) must not end a server: Python ignores failed log writes as well.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const stream = (level: 'info' | 'error') => (logStdout && level === 'info' ? process.stdout : process.stderr);
  return {
    print(message, level = 'info') {
      const entry = { t: isoLocal(new Date()), m: `${message}\n` };
      kept.push(entry);
      if (kept.length > capacity) kept.shift();
      stream(level).write(entry.m);
      for (const listener of listeners) listener(entry);
    },
    entries: () => kept,
    onEntry(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    writeThrough: (text) =>
      new Promise((resolve) => {
        stream('info').write(text, () => resolve());
      }),
  };
}

function isoLocal(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return `${local.toISOString().slice(0, 23)}000`;
}
