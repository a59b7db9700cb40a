/** What a start is doing, in a line. Pure. */
import type { Status } from '../contract/status.ts';
import type { BootPhase } from '../contract/supervisor-state.ts';
import { formatDuration } from './format.ts';

const PHASES: Record<BootPhase, string> = {
  launching: 'launching',
  python: 'Python',
  torch: 'loading torch',
  customNodes: 'loading custom nodes',
  server: 'starting its server',
};

/** `loading custom nodes (ComfyUI-Manager), 12 s of about 20 s` */
export function bootWords(boot: NonNullable<Status['boot']>): string {
  const detail = boot.detail === null ? '' : ` (${boot.detail})`;
  const expected = boot.expectedSeconds === null ? '' : ` of about ${formatDuration(boot.expectedSeconds)}`;
  const attempt = boot.attempt > 1 ? `, try ${boot.attempt}` : '';
  return `${PHASES[boot.phase]}${detail}, ${formatDuration(boot.elapsedSeconds)}${expected}${attempt}`;
}
