/** Which ComfyUI runs, read from the line it prints while it boots. */
import type { LogLine } from '../../contract/events.ts';
import type { ComfyLog } from '../supervisor/supervisor.ts';

const VERSION_LINE = /^ComfyUI version:\s*(\S+)/;

/** The returned function tells the version printed last; null before the first boot. */
export function watchComfyVersion(log: Pick<ComfyLog, 'tail' | 'onLines'>): () => string | null {
  let version: string | null = null;
  function read(lines: readonly LogLine[]): void {
    for (const { text } of lines) version = VERSION_LINE.exec(text)?.[1] ?? version;
  }
  read(log.tail(Number.MAX_SAFE_INTEGER));
  log.onLines(read);
  return () => version;
}
