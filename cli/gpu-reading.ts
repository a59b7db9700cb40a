/** A GPU reading that is new: the engine measures only while somebody watches, so what its status tells may be old. */
import type { GpuSnapshot } from '../contract/gpu.ts';
import type { EngineClient } from './engine-client.ts';

/** A driver that is not loaded takes longer; then the old reading must do. */
const LIMIT_MS = 3000;
/** A reading of this age was made for somebody who watches already. */
const NEW_MS = 5000;

/** Null when none came in time. */
export async function readGpus(client: EngineClient): Promise<GpuSnapshot | null> {
  const wantedSince = Date.now() - NEW_MS;
  try {
    for await (const event of client.events(['gpu'], AbortSignal.timeout(LIMIT_MS))) {
      if (event.name === 'gpu' && event.value.at >= wantedSince) return event.value;
    }
  } catch {
    // The limit; or an engine that just stopped, which the status has outlived.
  }
  return null;
}
