/** The words after a window's name: what ComfyUI does, as far as the engine tells. Pure. */
import type { Status } from '../../contract/status.ts';
import type { WindowsWords } from '../../strings/en/windows.ts';
import type { EngineState } from '../engine/engine-link.ts';

export interface TitleFacts {
  readonly engine: EngineState;
  readonly status: Status | null;
  /** Percent of running downloads, null where their size is not known; undefined without any. */
  readonly downloadPercent?: number | null | undefined;
}

export function comfyuiTitle(facts: TitleFacts, words: WindowsWords): string {
  const title = `${words.comfyui} – ${stateWords(facts, words)}`;
  return facts.downloadPercent === undefined ? title : `${title} · ${words.downloading(facts.downloadPercent)}`;
}

export function dashboardTitle(facts: TitleFacts, words: WindowsWords): string {
  return `${words.dashboard} – ${stateWords(facts, words)}`;
}

function stateWords({ engine, status }: TitleFacts, { state, phase }: WindowsWords): string {
  if (engine.kind === 'starting') return state.engineStarting;
  if (engine.kind === 'restarting') return state.engineRestarting;
  if (engine.kind === 'gaveUp' || engine.kind === 'ending') return state.engineGone;
  if (status === null) return state.engineStarting;
  switch (status.state) {
    case 'stopped':
      return status.courtesy.state === 'yielded' ? state.yielded : state.asleep;
    case 'starting':
      return status.boot === null ? state.waking : state.wakingPhase(phase[status.boot.phase]);
    case 'running':
      if (status.courtesy.state === 'yielded') return state.yielded;
      if (status.queue.running + status.queue.pending === 0) return state.ready;
      return status.queue.pending === 0 ? state.busy : state.busyWaiting(status.queue.pending);
    case 'stopping':
      return state.stopping;
    case 'backingOff':
      return state.crashed;
    case 'failed':
      return state.failed;
  }
}
