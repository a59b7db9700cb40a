/** Holds requests while ComfyUI wakes. A held body is not read, so it waits in the client; a client that goes away is let go. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActivityMeter } from '../idle/activity-meter.ts';
import { AppError, toAppError } from '../platform/app-error.ts';
import type { ComfyAddress, Supervisor } from '../supervisor/supervisor.ts';

export interface Hold {
  /**
   * Starts ComfyUI where needed and calls `whenAwake` as soon as it answers. Otherwise answers the request itself; a client
   * that has gone gets neither. The start goes on without it.
   */
  wait(
    request: IncomingMessage,
    response: ServerResponse,
    whenAwake: (address: ComfyAddress) => void,
    otherwise?: HoldEnds,
  ): void;
  count(): number;
  /** Answers everybody who still waits: Stoker stops. */
  close(): void;
}

/** For what is more than its request: exactly one of these, or `whenAwake`, is called. */
export interface HoldEnds {
  /** The client has gone without an answer. */
  onGone(): void;
  /** It was told that its request cannot be served. */
  onRefused(): void;
}

export interface HoldDeps {
  readonly supervisor: Pick<Supervisor, 'ensureRunning' | 'expectedStartSeconds'>;
  readonly meter: Pick<ActivityMeter, 'begin'>;
  /** Resolves when the clients of the sockets will hear what the held requests cause. */
  readonly socketsReady: () => Promise<void>;
  readonly refuse: (
    request: IncomingMessage,
    response: ServerResponse,
    error: AppError,
    retryAfterSeconds: number,
  ) => void;
}

/** Each is a connection and little else; more than this is no person at work. */
const MOST_HELD = 1000;
/** Until a failed start is worth another try, and until an ordinary one is over when nothing is learnt yet. */
const RETRY_AFTER_SECONDS = 15;

export function createHold({ supervisor, meter, socketsReady, refuse }: HoldDeps): Hold {
  const held = new Set<AbortController>();
  let closed = false;

  const expectedSeconds = (): number => supervisor.expectedStartSeconds() ?? RETRY_AFTER_SECONDS;

  function wait(
    request: IncomingMessage,
    response: ServerResponse,
    whenAwake: (address: ComfyAddress) => void,
    otherwise?: HoldEnds,
  ): void {
    if (response.destroyed) {
      otherwise?.onGone();
      return;
    }
    if (closed) {
      refuse(request, response, stopping(), RETRY_AFTER_SECONDS);
      otherwise?.onRefused();
      return;
    }
    if (held.size >= MOST_HELD) {
      const error = new AppError('too_many_held', `${held.size} requests wait for ComfyUI to start already.`);
      refuse(request, response, error, expectedSeconds());
      otherwise?.onRefused();
      return;
    }
    const leaving = new AbortController();
    const endHeld = meter.begin('held');
    let isGone = false;
    held.add(leaving);
    const onClientGone = (): void => {
      isGone = true;
      leaving.abort();
    };
    response.once('close', onClientGone);

    function release(): void {
      held.delete(leaving);
      response.removeListener('close', onClientGone);
    }

    supervisor
      .ensureRunning('request', { signal: leaving.signal })
      .then(async (address) => {
        await socketsReady();
        release();
        if (isGone) otherwise?.onGone();
        else whenAwake(address);
      })
      .catch((error: unknown) => {
        release();
        if (isGone) {
          otherwise?.onGone();
          return;
        }
        refuse(request, response, closed ? stopping() : toAppError(error), RETRY_AFTER_SECONDS);
        otherwise?.onRefused();
      })
      // After whenAwake, so that nothing looks idle between the two.
      .finally(endHeld);
  }

  return {
    wait,
    count: () => held.size,
    close() {
      closed = true;
      for (const waiting of [...held]) waiting.abort();
    },
  };
}

const stopping = (): AppError => new AppError('start_cancelled', 'Stoker is stopping.');
