/** Failures that are not an exit: nothing was started, nothing answered, nothing would end. In words, for people. Pure. */
import { ERROR_CODES, type ErrorCode } from '../../../contract/errors.ts';
import type { Failure } from '../../../contract/supervisor-state.ts';
import { AppError } from '../../platform/app-error.ts';
import type { BootProgress } from '../health/boot-phases.ts';
import { FAILURE_LINES, phaseWords } from './exit-reason.ts';

/** What is known of the run that failed. */
export interface RunEvidence {
  readonly lines: readonly string[];
  readonly withoutCustomNodes: boolean;
}

/** The launch was refused before anything was spawned. */
export function launchFailure(error: AppError): Failure {
  return blank(error.code, error.message, []);
}

export function startLimitFailure(
  limitMs: number,
  progress: BootProgress,
  strangerAnswers: boolean,
  run: RunEvidence,
): Failure {
  const node = progress.detail === null ? '' : ` (${progress.detail})`;
  const stranger = strangerAnswers
    ? ' Something answers on its port, but it is not the ComfyUI that Stoker started.'
    : '';
  return {
    ...blank(
      'start_timeout',
      `ComfyUI did not answer within ${seconds(limitMs)}: when the time was over, ${phaseWords(progress.phase)}${node}.${stranger}`,
      run.lines,
    ),
    suspect: progress.phase === 'customNodes' ? progress.detail : null,
    offerWithoutCustomNodes: progress.phase === 'customNodes' && !run.withoutCustomNodes,
  };
}

export function hungFailure(silentForMs: number, busy: boolean, node: string | null, run: RunEvidence): Failure {
  const work = busy
    ? ` although a prompt runs${node === null ? '' : ` (node ${node})`}, and shows no sign of work`
    : ' while it had nothing to do';
  return {
    ...blank('hung', `ComfyUI answered nothing for ${seconds(silentForMs)}${work}.`, run.lines),
    suspect: node,
  };
}

export function stopFailure(pids: readonly number[], run: RunEvidence): Failure {
  const which = pids.length === 1 ? `Process ${pids[0]}` : `Processes ${pids.join(', ')}`;
  return blank('stop_failed', `${which} of ComfyUI would not end, not even when killed.`, run.lines);
}

/** What a waiter is told. */
export function failureError(failure: Failure): AppError {
  return new AppError(isErrorCode(failure.code) ? failure.code : 'internal', failure.message, { details: { failure } });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

function blank(code: ErrorCode, message: string, lines: readonly string[]): Failure {
  return {
    code,
    message,
    exitCode: null,
    signal: null,
    suspect: null,
    offerWithoutCustomNodes: false,
    logTail: lines.slice(-FAILURE_LINES),
  };
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
