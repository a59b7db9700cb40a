/** What is known of one run of ComfyUI, from its launch (or a restart of its own) to its end. Starts, watches and ends nothing. */

import type { Held } from './custody.ts';
import { type BootProgress, progressAfter } from './health/boot-phases.ts';
import type { LogCapture } from './log/log-capture.ts';
import { meaningOf, type ProcessEnd } from './reasons/exit-codes.ts';
import { endedByInterrupt, isPromptRunning } from './reasons/exit-evidence.ts';
import { type ExitExplanation, explainExit } from './reasons/exit-reason.ts';
import type { RunEvidence } from './reasons/failures.ts';
import { readOomKills } from './reasons/oom-kills.ts';

export interface Run {
  readonly held: Held;
  readonly generation: number;
  /** Lines after this sequence are of this run. */
  readonly logMark: number;
  readonly oomKillsBefore: number | null;
  stage: 'starting' | 'running';
  progress: BootProgress;
  /** ComfyUI said that its server listens. */
  guiLineSeen: boolean;
  /** null until somebody says. */
  busy: boolean | null;
  stopObserving: () => void;
}

export function createRun(held: Held, generation: number, logMark: number): Run {
  return {
    held,
    generation,
    logMark,
    oomKillsBefore: readOomKills(),
    stage: 'starting',
    progress: { phase: 'launching', detail: null },
    guiLineSeen: false,
    busy: null,
    stopObserving: () => undefined,
  };
}

/** How far one that is taken over in the middle of its start has come. */
export function progressSoFar(run: Run, comfyLog: Pick<LogCapture, 'after'>): BootProgress {
  return linesOf(run, comfyLog).reduce(progressAfter, { phase: 'python', detail: null });
}

export function linesOf(run: Run, comfyLog: Pick<LogCapture, 'after'>): string[] {
  return comfyLog.after(run.logMark).map((line) => line.text);
}

export function evidenceOf(run: Run, comfyLog: Pick<LogCapture, 'after'>): RunEvidence {
  return { lines: linesOf(run, comfyLog), withoutCustomNodes: run.held.withoutCustomNodes };
}

/** Who knows the queue says so; before anybody does, the log tells of a prompt that was begun and not finished. */
export function isBusy(run: Run, comfyLog: Pick<LogCapture, 'after'>): boolean {
  return run.busy ?? isPromptRunning(linesOf(run, comfyLog));
}

/** It ended because somebody pressed Ctrl-C or closed its terminal: not a fault, and not to be undone. */
export function endedOfOwnWill(run: Run, end: ProcessEnd, comfyLog: Pick<LogCapture, 'after'>): boolean {
  return meaningOf(end).kind === 'interrupted' || endedByInterrupt(linesOf(run, comfyLog));
}

export function explainEnd(
  run: Run,
  end: ProcessEnd,
  node: string | null,
  comfyLog: Pick<LogCapture, 'after'>,
): ExitExplanation {
  const { phase, detail } = run.progress;
  const oomKills = readOomKills();
  return explainExit({
    ...end,
    stage: run.stage === 'starting' ? { kind: 'starting', phase, customNode: detail } : { kind: 'running', node },
    lines: linesOf(run, comfyLog),
    kernelKilledForMemory: oomKills !== null && run.oomKillsBefore !== null && oomKills > run.oomKillsBefore,
    withoutCustomNodes: run.held.withoutCustomNodes,
    port: run.held.port,
  });
}
