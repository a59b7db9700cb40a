/**
 * The durable queue's rows of quality.md: submits with every commit on disk, the list and the claim at 100,000 jobs, and what a job costs
 * beside posting it to ComfyUI.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Workflow } from '../../contract/jobs.ts';
import { createGroupCommit } from '../../engine/jobs/group-commit.ts';
import { createJobListing } from '../../engine/jobs/job-list.ts';
import { JOB_MIGRATIONS } from '../../engine/jobs/schema.ts';
import { createJobStore, type JobStore, type NewJob } from '../../engine/jobs/store.ts';
import { systemClock } from '../../engine/platform/clock.ts';
import { type Database, openDatabase } from '../../engine/platform/database.ts';
import { createLog } from '../../engine/platform/log.ts';
import type { TableRow } from '../table.ts';
import { overheadRows } from './overhead.ts';

export interface MeasureOptions {
  readonly say: (line: string) => void;
}

const CLIENTS = 64;
const SUBMITS_EACH = 150;
const BAR_PER_SECOND = 2000;
const PACED_SUBMITS = 6000;
const TABLE_ROWS = 100_000;
const REPEATS = 30;

/** As large as a usual workflow: twenty nodes. */
const workflow: Workflow = Object.fromEntries(
  Array.from({ length: 20 }, (_, node) => [
    String(node),
    { class_type: 'KSampler', inputs: { seed: node, model: ['4', 0], text: 'a prompt of some length '.repeat(5) } },
  ]),
);
const newJob = (count: number): NewJob => ({
  source: 'api',
  workflow,
  extraData: null,
  wantedTarget: 'auto',
  priority: 0,
  title: `job ${count}`,
  tags: [`tag-${count % 50}`],
  userId: `user-${count % 10}`,
  maxAttempts: 2,
});

export async function measureJobs({ say }: MeasureOptions): Promise<TableRow[]> {
  // Beside the project and not in /tmp, which is memory on many machines: what is measured is a disk.
  const folder = mkdtempSync(join(process.cwd(), '.cache/bench-jobs-'));
  const database = openDatabase({
    file: join(folder, 'jobs.sqlite'),
    migrations: JOB_MIGRATIONS,
    now: Date.now,
    log: createLog({ write: () => undefined }),
    onProblem: say,
    whenUnusable: 'throw',
    durability: 'power',
  });
  try {
    const store = createJobStore({ database, clock: systemClock });
    say('measuring durable submits');
    const submits = await submitRow(database, store);
    say(`filling the table to ${TABLE_ROWS} jobs`);
    fill(database, store);
    say('measuring the list and the claim');
    return [submits, ...tableRows(database, store), ...(await overheadRows(say)), memoryRow()];
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function submitRow(database: Database, store: JobStore): Promise<TableRow> {
  const group = createGroupCommit(database);
  let count = 0;
  const submit = (): Promise<string> => group.commit(() => store.add(newJob(count++)));
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (let each = 0; each < SUBMITS_EACH; each += 1) await submit();
    }),
  );
  const perSecond = (CLIENTS * SUBMITS_EACH) / ((performance.now() - startedAt) / 1000);
  const p99 = percentile(await pacedWaits(submit), 0.99);
  return {
    what: `durable submit: ${CLIENTS} clients; p99 at ${BAR_PER_SECOND.toLocaleString('en')}/s`,
    figures: { stoker: `${Math.round(perSecond)}/s, p99 ${p99.toFixed(1)} ms` },
    bar: '≥ 2,000/s, p99 < 20 ms',
    result: `${(perSecond / BAR_PER_SECOND).toFixed(1)} × the bar`,
    verdict: perSecond >= BAR_PER_SECOND && p99 < 20 ? 'yes' : 'no',
  };
}

/** Milliseconds each submit took when they come at the rate of the bar, whether earlier ones are done or not. */
async function pacedWaits(submit: () => Promise<unknown>): Promise<number[]> {
  const waits: number[] = [];
  const open: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let sent = 0; sent < PACED_SUBMITS; ) {
    const due = ((performance.now() - startedAt) / 1000) * BAR_PER_SECOND;
    for (; sent < Math.min(due, PACED_SUBMITS); sent += 1) {
      const askedAt = performance.now();
      open.push(
        submit().then(() => {
          waits.push(performance.now() - askedAt);
        }),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(open);
  return waits;
}

function fill(database: Database, store: JobStore): void {
  const { queued } = store.counts();
  database.transaction(() => {
    for (let count = queued; count < TABLE_ROWS; count += 1) {
      const id = store.add(newJob(count));
      store.apply(id, { kind: 'claimed', target: 'local' });
      store.apply(id, { kind: 'completed' });
    }
  });
}

function tableRows(database: Database, store: JobStore): TableRow[] {
  const listing = createJobListing(database);
  const claim = (): void => {
    const [job] = store.waiting(Date.now(), 1, []);
    if (job === undefined) throw new Error('there is no job left to claim');
    database.transaction(() => store.apply(job.id, { kind: 'claimed', target: 'local' }));
  };
  return [
    timedRow('list, newest page', 20, () => listing.page({}, 50)),
    timedRow('list, two states', 20, () => listing.page({ states: ['queued', 'failed'] }, 50)),
    timedRow('list, one tag', 20, () => listing.page({ tag: 'tag-7' }, 50)),
    timedRow('search that finds nothing', 20, () => listing.page({ search: 'no such job' }, 50)),
    timedRow('claim of the next job, on disk', 2, claim),
  ];
}

function timedRow(what: string, barMs: number, work: () => unknown): TableRow {
  work();
  const times = Array.from({ length: REPEATS }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  const median = percentile(times, 0.5);
  return {
    what: `${what} (${TABLE_ROWS.toLocaleString('en')} jobs)`,
    figures: { stoker: `${median.toFixed(2)} ms, worst ${Math.max(...times).toFixed(2)}` },
    bar: `< ${barMs} ms`,
    result: `${(median / barMs).toFixed(2)} × the bar`,
    verdict: median < barMs ? 'yes' : 'no',
  };
}

function memoryRow(): TableRow {
  const mebibytes = process.memoryUsage.rss() / 2 ** 20;
  return {
    what: 'memory of the bench after all of it',
    figures: { stoker: `${mebibytes.toFixed(0)} MiB` },
    bar: 'none',
    result: 'the table stays on disk',
    verdict: 'yes',
  };
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
