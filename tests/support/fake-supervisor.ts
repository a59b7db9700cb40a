/** A supervisor without a process: its transitions are made by the test, in the order the real one makes them. */
import type { Failure, StartReason, StopReason, SupervisorState } from '../../contract/supervisor-state.ts';
import { createListeners } from '../../engine/platform/listeners.ts';
import type { ComfyAddress, Supervisor } from '../../engine/supervisor/supervisor.ts';

export interface FakeSupervisor extends Pick<Supervisor, 'state' | 'address' | 'onTransition' | 'stop'> {
  /** ComfyUI answers on this port; each call is another one, with the next generation. */
  run(port: number, reason?: StartReason): void;
  /** Begins to stop and stays there until `endStop`. */
  beginStop(reason: StopReason): void;
  endStop(): void;
  /** What ran died, or was ended because it hung. */
  crash(message: string): void;
  /** It replaced itself (os.execv): the next `run` is the same process. */
  restartInPlace(): void;
  /** Reasons of every `stop` asked for. */
  readonly stops: StopReason[];
  /** While set, `stop` waits for this before anything is over. */
  stopGate: Promise<void> | null;
}

export function createFakeSupervisor(): FakeSupervisor {
  const transitions = createListeners<Parameters<Parameters<Supervisor['onTransition']>[0]>[0]>((error) => {
    throw error;
  });
  let state: SupervisorState = { kind: 'stopped', since: 0, reason: 'neverStarted' };
  let address: ComfyAddress | null = null;
  let generation = 0;

  function move(to: SupervisorState): void {
    const from = state;
    state = to;
    if (to.kind !== 'running') address = null;
    transitions.notify({ from, to, at: 0, message: to.kind });
  }

  const supervisor: FakeSupervisor = {
    stops: [],
    stopGate: null,
    state: () => state,
    address: () => address,
    onTransition: (listener) => transitions.add(listener),
    async stop(reason) {
      supervisor.stops.push(reason);
      if (state.kind === 'stopped') return;
      supervisor.beginStop(reason);
      await supervisor.stopGate;
      // A wake may have crossed: whoever woke it has begun the next run already.
      if (supervisor.state().kind === 'stopping') supervisor.endStop();
    },
    run(port, reason = 'request') {
      generation += 1;
      address = { host: '127.0.0.1', port, pid: 1000 + generation, generation };
      move({ kind: 'running', pid: address.pid, port, since: 0, reason, withoutCustomNodes: false });
    },
    beginStop(reason) {
      move({ kind: 'stopping', reason, since: 0, deadline: 0 });
    },
    endStop() {
      const reason = state.kind === 'stopping' ? state.reason : 'exited';
      move({ kind: 'stopped', since: 0, reason });
    },
    crash(message) {
      move({ kind: 'backingOff', attempt: 2, retryAt: 0, since: 0, error: failure(message) });
    },
    restartInPlace() {
      move({ kind: 'starting', attempt: 1, since: 0, reason: 'restart', phase: 'launching', detail: null });
    },
  };
  return supervisor;
}

const failure = (message: string): Failure => ({
  code: 'crashed',
  message,
  exitCode: null,
  signal: 'SIGKILL',
  suspect: null,
  offerWithoutCustomNodes: false,
  logTail: [],
});
