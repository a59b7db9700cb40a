/** What `stoker` exits with, for scripts; the table in `--help` and docs/cli.md is made from this one. */
import type { ErrorCode } from '../contract/errors.ts';

export const EXIT_CODES = {
  ok: { code: 0, meaning: 'done' },
  error: { code: 1, meaning: 'any other error; doctor: a problem was found' },
  usage: { code: 2, meaning: 'the command line is not understood' },
  engineNotRunning: { code: 3, meaning: 'the engine does not answer: start it with "stoker serve"' },
  comfyuiFailed: { code: 4, meaning: 'ComfyUI did not start, or could not be stopped' },
  workInProgress: { code: 5, meaning: 'ComfyUI has work; repeat with --force, or use --when-done' },
  jobFailed: { code: 6, meaning: 'run --wait: the job failed or was cancelled' },
} as const;

export type ExitCodeName = keyof typeof EXIT_CODES;

const BY_ERROR: Partial<Record<ErrorCode, ExitCodeName>> = {
  work_in_progress: 'workInProgress',
  not_configured: 'comfyuiFailed',
  command_not_found: 'comfyuiFailed',
  folder_invalid: 'comfyuiFailed',
  python_missing: 'comfyuiFailed',
  exited_early: 'comfyuiFailed',
  start_timeout: 'comfyuiFailed',
  start_cancelled: 'comfyuiFailed',
  gave_up: 'comfyuiFailed',
  crashed: 'comfyuiFailed',
  hung: 'comfyuiFailed',
  private_port_taken: 'comfyuiFailed',
  stop_failed: 'comfyuiFailed',
};

/** @param errorCode of contract/errors.ts; a newer engine may send one this program does not know */
export function exitCodeFor(errorCode: string): number {
  const name = Object.entries(BY_ERROR).find(([code]) => code === errorCode)?.[1] ?? 'error';
  return EXIT_CODES[name].code;
}

/** The table, a code a line. */
export function exitCodeLines(): string[] {
  return Object.values(EXIT_CODES).map(({ code, meaning }) => `${code}  ${meaning}`);
}
