/** What survives a reload of the page: the jobs on show and the change told of (in this tab), and the endpoint picked last (in this browser). */

interface Shown {
  readonly id: string;
  readonly mostMicroDollars: number | null;
}

const JOBS_KEY = 'stoker.jobs';
const CHANGE_KEY = 'stoker.change';
const ENDPOINT_KEY = 'stoker.endpoint';

/** A browser may forbid storage; then nothing is remembered, and all else works. */
function quietly<Value>(access: () => Value, otherwise: Value): Value {
  try {
    return access();
  } catch {
    return otherwise;
  }
}

function read(): Shown[] {
  const kept = quietly<unknown>(() => JSON.parse(sessionStorage.getItem(JOBS_KEY) ?? '[]'), []);
  return Array.isArray(kept) ? kept.filter(isShown) : [];
}

function isShown(entry: unknown): entry is Shown {
  if (entry === null || typeof entry !== 'object' || !('id' in entry) || !('mostMicroDollars' in entry)) return false;
  return (
    typeof entry.id === 'string' && (entry.mostMicroDollars === null || typeof entry.mostMicroDollars === 'number')
  );
}

const write = (jobs: readonly Shown[]): void =>
  quietly(() => sessionStorage.setItem(JOBS_KEY, JSON.stringify(jobs)), undefined);

export const remembered = {
  jobs: read,
  addJob: (job: Shown): void => write([...read().filter(({ id }) => id !== job.id), job]),
  removeJob: (id: string): void => write(read().filter((job) => job.id !== id)),
  change: (): string | null => quietly(() => sessionStorage.getItem(CHANGE_KEY), null),
  setChange: (at: string): void => quietly(() => sessionStorage.setItem(CHANGE_KEY, at), undefined),
  endpoint: (): string | null => quietly(() => localStorage.getItem(ENDPOINT_KEY), null),
  setEndpoint: (name: string): void => quietly(() => localStorage.setItem(ENDPOINT_KEY, name), undefined),
};
