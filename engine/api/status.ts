/** Puts `GET /manager/status` together from what each room tells. Pure: facts in, answer out. */
import type { CourtesyStatus } from '../../contract/courtesy.ts';
import type { GpuSnapshot } from '../../contract/gpu.ts';
import type { IdleStatus, JobsStatus, PageStatus, QueueStatus, Status } from '../../contract/status.ts';
import type { SupervisorState } from '../../contract/supervisor-state.ts';
import { stateReason, stateReasonCode } from './state-words.ts';

export interface StatusFacts {
  readonly state: SupervisorState;
  readonly expectedStartSeconds: number | null;
  readonly idle: IdleStatus;
  readonly queue: QueueStatus;
  readonly courtesy: CourtesyStatus;
  readonly jobs: JobsStatus;
  readonly page: PageStatus;
  readonly gpu: GpuSnapshot;
  readonly gateway: Status['gateway'];
  readonly installation: Status['installation'];
  readonly engine: Status['engine'];
  readonly version: string;
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

/** @param now epoch milliseconds */
export function assembleStatus(facts: StatusFacts, now: number): Status {
  const { state } = facts;
  return {
    state: state.kind,
    reason: stateReason(state),
    reasonCode: stateReasonCode(state),
    pid: state.kind === 'running' ? state.pid : null,
    port: state.kind === 'running' ? state.port : null,
    since: iso(state.since),
    boot:
      state.kind === 'starting'
        ? {
            phase: state.phase,
            detail: state.detail,
            elapsedSeconds: Math.max(0, (now - state.since) / 1000),
            expectedSeconds: facts.expectedStartSeconds,
            attempt: state.attempt,
          }
        : null,
    retryAt: state.kind === 'backingOff' ? iso(state.retryAt) : null,
    error: state.kind === 'failed' || state.kind === 'backingOff' ? state.error : null,
    idle: facts.idle,
    queue: facts.queue,
    courtesy: facts.courtesy,
    jobs: facts.jobs,
    page: facts.page,
    gpus: facts.gpu.gpus,
    gpuNote: facts.gpu.note,
    gateway: facts.gateway,
    installation: facts.installation,
    engine: facts.engine,
    version: facts.version,
  };
}
