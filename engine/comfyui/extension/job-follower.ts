/**
 * Follows jobs until they end. A browser opens six connections to one address, and the page and other tabs need theirs: so only a few jobs
 * have an event stream, and the others are asked about now and then until one is free. Knows nothing of what is shown.
 */
import { hasEnded, type JobNow } from './job-face.ts';

export interface FollowerEffects {
  /**
   * Opens the event stream of a job. @param lost once, when it broke in a way it does not mend by itself
   * @returns what closes it
   */
  openStream(id: string, told: (job: JobNow) => void, lost: () => void): () => void;
  /** Null when there is no such job; rejects when nobody answers. */
  look(id: string): Promise<JobNow | null>;
  after(milliseconds: number, then: () => void): void;
}

export interface JobFollower {
  /** @param told with every change, and null when the job is gone; never again after its end */
  follow(id: string, told: (job: JobNow | null) => void): void;
  forget(id: string): void;
}

const MOST_STREAMS = 2;
const LOOK_AGAIN_MS = 3000;

export function createJobFollower(effects: FollowerEffects): JobFollower {
  const followed = new Map<string, { readonly told: (job: JobNow | null) => void; closeStream: (() => void) | null }>();

  const streams = (): number => [...followed.values()].filter(({ closeStream }) => closeStream !== null).length;

  function forget(id: string): void {
    followed.get(id)?.closeStream?.();
    followed.delete(id);
  }

  function tell(id: string, job: JobNow | null): void {
    const told = followed.get(id)?.told;
    if (job === null || hasEnded(job.state)) forget(id);
    told?.(job);
  }

  function begin(id: string): void {
    const entry = followed.get(id);
    if (entry === undefined || entry.closeStream !== null) return;
    if (streams() >= MOST_STREAMS) {
      void look(id);
      return;
    }
    entry.closeStream = effects.openStream(
      id,
      (job) => tell(id, job),
      () => {
        entry.closeStream?.();
        entry.closeStream = null;
        if (followed.get(id) === entry) void look(id);
      },
    );
  }

  async function look(id: string): Promise<void> {
    const entry = followed.get(id);
    // Nobody answers: what was told last stands, and the question is asked again.
    const job = await effects.look(id).catch(() => undefined);
    if (followed.get(id) !== entry || entry === undefined) return;
    if (job !== undefined) tell(id, job);
    if (followed.get(id) === entry) effects.after(LOOK_AGAIN_MS, () => begin(id));
  }

  return {
    follow(id, told) {
      forget(id);
      followed.set(id, { told, closeStream: null });
      begin(id);
    },
    forget,
  };
}
