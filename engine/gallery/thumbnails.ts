/**
 * Small pictures on demand, newest wish first, made by a worker thread that ends when nobody looks. It never fails: what cannot be made is
 * null, and whoever asked shows the picture itself.
 */
import { Worker } from 'node:worker_threads';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { ThumbnailOrder, ThumbnailReply, ThumbnailWorkerData } from './thumbnail-worker.ts';

export interface Thumbnails {
  /**
   * @param path of a picture
   * @param signal nobody waits for it any more: it is not begun
   * @returns where the small picture (WebP) lies; null when there is none
   */
  of(path: string, signal: AbortSignal): Promise<string | null>;
  close(): Promise<void>;
}

export interface ThumbnailsDeps {
  /** Is made when missing. */
  readonly folder: string;
  /** The built `thumbnail-worker.js`. */
  readonly workerFile: string;
  readonly clock: Clock;
  readonly log: Log;
}

const MOST_BYTES = 256 * 1024 * 1024;
/** libvips keeps 100 MB: not for a gallery that nobody looks at. */
const IDLE_MS = 30_000;
/** No picture takes so long: the thread is ended, and the next one begins anew. */
const LIMIT_MS = 30_000;

interface Wish {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly resolve: (file: string | null) => void;
}

export function createThumbnails({ folder, workerFile, clock, log }: ThumbnailsDeps): Thumbnails {
  const wishes: Wish[] = [];
  let worker: Worker | null = null;
  let current: Wish | null = null;
  let order = 0;
  let cancelTimer: CancelTimer = () => undefined;
  /** Nothing can be made on this computer: nobody is kept waiting to hear that again. */
  let isUseless = false;

  function settle(file: string | null): void {
    const settled = current;
    current = null;
    cancelTimer();
    settled?.resolve(file);
    next();
  }

  function start(): Worker {
    const workerData: ThumbnailWorkerData = { folder, mostBytes: MOST_BYTES };
    const started = new Worker(workerFile, { workerData });
    started.unref();
    started.on('message', ({ n, file, reason }: ThumbnailReply) => {
      if (n !== order || worker !== started) return;
      if (reason === 'library') {
        log.warn('small pictures cannot be made here; the gallery shows the pictures themselves');
        isUseless = true;
      }
      settle(file);
    });
    started.on('error', (error) => {
      log.warn({ err: error }, 'the thread of small pictures failed');
      if (worker === started) drop();
    });
    return started;
  }

  /** Ends the thread, with whatever it was at. */
  function drop(): void {
    const ended = worker;
    worker = null;
    void ended?.terminate();
    if (current !== null) settle(null);
  }

  function next(): void {
    if (current !== null) return;
    // Newest first: who scrolls on wants what is in sight now.
    let wish = wishes.pop();
    while (wish !== undefined && (wish.signal.aborted || isUseless)) {
      wish.resolve(null);
      wish = wishes.pop();
    }
    if (wish === undefined) {
      cancelTimer = clock.after(IDLE_MS, drop);
      return;
    }
    current = wish;
    order += 1;
    cancelTimer = clock.after(LIMIT_MS, drop);
    worker ??= start();
    worker.postMessage({ n: order, path: wish.path } satisfies ThumbnailOrder);
  }

  return {
    of(path, signal) {
      if (isUseless) return Promise.resolve(null);
      return new Promise((resolve) => {
        wishes.push({ path, signal, resolve });
        if (current === null) cancelTimer();
        next();
      });
    },
    async close() {
      isUseless = true;
      for (const { resolve } of wishes.splice(0)) resolve(null);
      cancelTimer();
      const ended = worker;
      worker = null;
      current?.resolve(null);
      current = null;
      await ended?.terminate();
    },
  };
}
