/**
 * Tells when a download gets nowhere. Chromium waits for a silent server for ever, also after it has begun a broken download
 * again by itself; without this a person would look at the same percentage all day. Must not touch the download.
 */

/** A server may pack an archive before the first byte of it comes. */
export const STALLED_AFTER_MS = 120_000;

export interface StallWatch {
  /** To be called as often as one likes: what counts is that the number of bytes differs; fewer are a new beginning. */
  received(bytes: number): void;
  stop(): void;
}

/** @param onStall called once, when no byte has come for STALLED_AFTER_MS */
export function watchForStall(onStall: () => void): StallWatch {
  let last = 0;
  let timer = setTimeout(onStall, STALLED_AFTER_MS);
  return {
    received(bytes) {
      if (bytes === last) return;
      last = bytes;
      clearTimeout(timer);
      timer = setTimeout(onStall, STALLED_AFTER_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
