/** Keep-alive connections to one ComfyUI: the one used last is used next, so that the others may grow old and go. */
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { openUpstreamConnection, type UpstreamConnection } from './upstream-connection.ts';

export interface UpstreamPool {
  /** An idle connection, or a new one. */
  take(): UpstreamConnection;
  /** A connection nobody has used: for what failed on an idle one. */
  takeNew(): UpstreamConnection;
  /** Closes idle connections now and the others after their request. */
  close(): void;
  readonly size: number;
}

/** aiohttp closes after 75 s; going first leaves no race. */
const IDLE_MS = 30_000;

export function createUpstreamPool(host: string, port: number, clock: Clock): UpstreamPool {
  const all = new Set<UpstreamConnection>();
  const idle: UpstreamConnection[] = [];
  /** How many at the bottom of `idle` have not been used since the last look. */
  let unused = 0;
  let closed = false;
  let cancelLook: CancelTimer | null = null;

  function open(): UpstreamConnection {
    const connection = openUpstreamConnection({
      host,
      port,
      onFree(free) {
        if (closed) {
          free.destroy();
          return;
        }
        idle.push(free);
        cancelLook ??= clock.after(IDLE_MS, look);
      },
      onGone(gone) {
        all.delete(gone);
        const index = idle.indexOf(gone);
        if (index !== -1) idle.splice(index, 1);
        unused = Math.min(unused, idle.length);
      },
    });
    all.add(connection);
    return connection;
  }

  function look(): void {
    for (const connection of idle.splice(0, unused)) connection.destroy();
    unused = idle.length;
    cancelLook = idle.length === 0 ? null : clock.after(IDLE_MS, look);
  }

  return {
    take() {
      const connection = idle.pop();
      if (connection === undefined) return open();
      if (unused > idle.length) unused = idle.length;
      return connection;
    },
    takeNew: open,
    close() {
      closed = true;
      cancelLook?.();
      for (const connection of idle.splice(0)) connection.destroy();
    },
    get size() {
      return all.size;
    },
  };
}
