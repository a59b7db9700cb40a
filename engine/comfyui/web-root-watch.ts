/** Where the running ComfyUI has its page from, read from the line it prints while it boots. */
import type { LogLine } from '../../contract/events.ts';
import type { ComfyLog } from '../supervisor/supervisor.ts';

const WEB_ROOT_LINE = /^\[Prompt Server\] web root:\s*(.+?)\s*$/;

/** The returned function tells the folder printed last, as ComfyUI wrote it; null before the first boot. */
export function watchWebRoot(log: Pick<ComfyLog, 'tail' | 'onLines'>): () => string | null {
  let root: string | null = null;
  function read(lines: readonly LogLine[]): void {
    for (const { text } of lines) root = WEB_ROOT_LINE.exec(text)?.[1] ?? root;
  }
  read(log.tail(Number.MAX_SAFE_INTEGER));
  log.onLines(read);
  return () => root;
}
