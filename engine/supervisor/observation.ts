/** Observes a run: how its start comes along and when it answers, then whether it keeps answering. Only tells; ends nothing. */
import type { Clock } from '../platform/clock.ts';
import { STABLE_AFTER_MS } from './back-off.ts';
import type { Custody } from './custody.ts';
import { type BootProgress, isFirstBootLine, isGuiLine, progressAfter } from './health/boot-phases.ts';
import { watchHealth } from './health/health.ts';
import { awaitReadiness, type ReadinessOutcome } from './health/readiness.ts';
import type { Probe } from './health/stats-probe.ts';
import type { LogCapture } from './log/log-capture.ts';
import type { ReadCpuSeconds } from './processes/cpu-time.ts';
import type { ProcessTable } from './processes/process-table.ts';
import { hungFailure, startLimitFailure } from './reasons/failures.ts';
import { evidenceOf, isBusy, type Run } from './run.ts';
import type { SupervisorEvent } from './state.ts';

export interface ObservationDeps {
  readonly custody: Pick<Custody, 'isInTree' | 'members'>;
  readonly comfyLog: LogCapture;
  readonly probe: Probe;
  readonly table: Pick<ProcessTable, 'listenerOf'>;
  readonly readCpuSeconds: ReadCpuSeconds;
  readonly clock: Clock;
  /** Type of the node being executed, when somebody knows. */
  readonly currentNode: () => string | null;
  readonly send: (event: SupervisorEvent) => void;
}

/** Tells when the phase changed. */
export function advance(run: Run, progress: BootProgress, send: ObservationDeps['send']): void {
  if (progress === run.progress) return;
  run.progress = progress;
  send({ kind: 'bootProgressed', generation: run.generation, ...progress });
}

/** Until it answers, or the limit is reached. @param since only lines after this sequence prove that its server listens */
export function observeStart(run: Run, limitMs: number, since: number, deps: ObservationDeps): void {
  const { custody, comfyLog, send } = deps;
  const { held, generation } = run;
  const isOurs = (pid: number) => custody.isInTree(held, pid);
  const question = { host: held.host, port: held.port, limitMs, guiLineSeen: () => run.guiLineSeen, isOurs };
  const readiness = awaitReadiness(question, deps);

  const readLine = ({ text }: { readonly text: string }) => {
    advance(run, progressAfter(run.progress, text), send);
    if (!isGuiLine(text)) return;
    run.guiLineSeen = true;
    readiness.askNow();
  };
  const unsubscribe = comfyLog.onLines((lines) => lines.forEach(readLine));
  comfyLog.after(since).forEach(readLine);

  const settle = (outcome: ReadinessOutcome) => {
    unsubscribe();
    if (outcome.kind === 'ready') {
      send({ kind: 'answered', generation, pid: held.process.pid, port: held.port });
    } else if (outcome.kind === 'limitReached') {
      const failure = startLimitFailure(limitMs, run.progress, outcome.strangerAnswers, evidenceOf(run, comfyLog));
      send({ kind: 'startLimitReached', generation, failure });
    }
  };
  void readiness.outcome.then(settle);
  run.stage = 'starting';
  run.stopObserving = () => {
    unsubscribe();
    readiness.stop();
  };
}

/** Until it hangs or restarts itself. */
export function observeRunning(run: Run, deps: ObservationDeps): void {
  const { custody, comfyLog, clock, send } = deps;
  const { held, generation } = run;
  const health = watchHealth({
    host: held.host,
    port: held.port,
    probe: deps.probe,
    clock,
    isBusy: () => isBusy(run, comfyLog),
    cpuSeconds: async () => deps.readCpuSeconds(await custody.members(held)),
    lastLine: () => comfyLog.lastSequence(),
    onHung: (silentForMs) => {
      const node = deps.currentNode();
      const failure = hungFailure(silentForMs, isBusy(run, comfyLog), node, evidenceOf(run, comfyLog));
      send({ kind: 'hung', generation, failure });
    },
    onServerGone: () => send({ kind: 'restartSeen', generation }),
  });
  const unsubscribe = comfyLog.onLines((lines) => {
    if (lines.some((line) => isFirstBootLine(line.text))) health.checkNow();
  });
  const cancelStable = clock.after(STABLE_AFTER_MS, () => send({ kind: 'stable', generation }));
  run.stage = 'running';
  run.stopObserving = () => {
    cancelStable();
    unsubscribe();
    health.stop();
  };
}
