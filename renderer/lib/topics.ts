/** Which events the page needs: the GPU is measured only while somebody looks at it, log and jobs are sent only where they are read. */
import type { EventName } from '../../contract/events.ts';
import type { Page } from '../../strings/vocabulary.ts';

const BASE: readonly EventName[] = ['status', 'happening'];
const WITH_GPU: readonly EventName[] = [...BASE, 'gpu'];
const WITH_LOG: readonly EventName[] = [...BASE, 'log'];
const WITH_JOBS: readonly EventName[] = [...BASE, 'job', 'jobList'];

/** The same answer is the same array, so that nothing reconnects for it. */
export function topicsFor(page: Page | null, visible: boolean): readonly EventName[] {
  if (!visible) return BASE;
  if (page === 'overview') return WITH_GPU;
  if (page === 'queue' || page === 'job') return WITH_JOBS;
  return page === 'logs' ? WITH_LOG : BASE;
}
