/** Who made the files of the gallery: kept in memory from the results of jobs, read once in small pages and then followed. Writes nothing. */
import { setImmediate } from 'node:timers/promises';
import type { JobSummary } from '../../contract/jobs.ts';
import type { OutputHome, OutputHomes } from '../jobs/output-homes.ts';
import type { Unsubscribe } from '../platform/listeners.ts';
import { type MediaFile, placeOf } from './media-file.ts';

export interface Maker {
  readonly jobId: string;
  readonly isRemote: boolean;
}

export interface Makers {
  /** Resolves when what earlier engines knew is read. */
  ready(): Promise<void>;
  of(file: Pick<MediaFile, 'subfolder' | 'name'>): Maker | null;
  close(): void;
}

export interface MakersDeps {
  readonly homes: OutputHomes;
  readonly onJobChange: (listener: (change: { readonly job: JobSummary }) => void) => Unsubscribe;
}

const JOBS_A_PAGE = 1000;
const LOCAL = 'local';

export function createMakers({ homes, onJobChange }: MakersDeps): Makers {
  const makers = new Map<string, Maker>();
  let reading: Promise<void> | null = null;
  let closed = false;

  function add({ jobId, target, subfolder, filename }: OutputHome): void {
    const folder = subfolder.replaceAll('\\', '/').replace(/^\/+|\/+$/g, '');
    makers.set(placeOf(folder, filename), { jobId, isRemote: target !== LOCAL });
  }

  async function readAll(): Promise<void> {
    for (let after: number | null = 0; after !== null && !closed; ) {
      const { homes: page, last } = homes.page(after, JOBS_A_PAGE);
      for (const home of page) add(home);
      after = last;
      await setImmediate();
    }
  }

  const stop = onJobChange(({ job }) => {
    // Before the first look nothing is kept: that look reads them all.
    if (reading !== null && job.state.kind === 'completed') for (const home of homes.ofJob(job.id)) add(home);
  });

  return {
    ready() {
      reading ??= readAll();
      return reading;
    },
    of: ({ subfolder, name }) => makers.get(placeOf(subfolder, name)) ?? null,
    close() {
      closed = true;
      stop();
    },
  };
}
