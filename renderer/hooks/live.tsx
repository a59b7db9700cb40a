/** Gives components what the engine pushes: the connection, the status, the GPUs, and the engine's time, ticking. */
import { skipToken, useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { GpuSnapshot } from '../../contract/gpu.ts';
import type { Status } from '../../contract/status.ts';
import type { ConnectionState } from '../lib/connection.ts';
import { keys } from '../live-cache.ts';
import type { LiveConnection } from '../live-connection.ts';

const LiveContext = createContext<LiveConnection | null>(null);

export function LiveProvider({ connection, children }: { connection: LiveConnection; children: ReactNode }) {
  return <LiveContext value={connection}>{children}</LiveContext>;
}

export function useLiveConnection(): LiveConnection {
  const connection = useContext(LiveContext);
  if (connection === null) throw new Error('useLiveConnection outside of LiveProvider');
  return connection;
}

export function useConnectionState(): ConnectionState {
  const connection = useLiveConnection();
  return useSyncExternalStore(connection.subscribe, connection.state);
}

/** Undefined until the engine has told for the first time. */
export function useStatus(): Status | undefined {
  return useQuery<Status>({ queryKey: keys.status, queryFn: skipToken }).data;
}

/** The newest reading pushed, or the one the status carries until there is one. */
export function useGpuSnapshot(status: Status): Pick<GpuSnapshot, 'gpus' | 'note'> {
  const pushed = useQuery<GpuSnapshot>({ queryKey: keys.gpu, queryFn: skipToken }).data;
  return pushed ?? { gpus: status.gpus, note: status.gpuNote };
}

const tickListeners = new Set<() => void>();
let ticker: ReturnType<typeof setInterval> | null = null;
let tickedAt = Date.now();

/** One timer for every countdown of the page, so that they change in the same moment; none while nothing counts. */
function subscribeToTicks(listener: () => void): () => void {
  tickListeners.add(listener);
  ticker ??= setInterval(() => {
    tickedAt = Date.now();
    for (const each of tickListeners) each();
  }, 1000);
  return () => {
    tickListeners.delete(listener);
    if (tickListeners.size > 0 || ticker === null) return;
    clearInterval(ticker);
    ticker = null;
  };
}

function currentTick(): number {
  // A component that begins to count between two ticks must not start from an old time.
  if (ticker === null || Date.now() - tickedAt > 1500) tickedAt = Date.now();
  return tickedAt;
}

/** This browser's time in epoch milliseconds, once a second. Only the component that calls this draws anew. */
export const useTick = (): number => useSyncExternalStore(subscribeToTicks, currentTick);

/** The engine's time, ticking; it stands still while the engine is out of reach, because nobody knows what it does then. */
export function useNow(): number {
  const connection = useLiveConnection();
  const tick = useTick();
  const state = connection.state();
  const lastHeardAt = state.kind === 'waiting' || state.kind === 'connecting' ? state.lastHeardAt : null;
  return (lastHeardAt ?? tick) + connection.clockSkewMs();
}
