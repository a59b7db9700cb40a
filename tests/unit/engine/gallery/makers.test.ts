/** Who made a file, over a real database of jobs. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JobSummary } from '../../../../contract/jobs.ts';
import { createMakers, type Makers } from '../../../../engine/gallery/makers.ts';
import { createOutputHomes, type OutputHome, type OutputHomes } from '../../../../engine/jobs/output-homes.ts';
import { JOB_MIGRATIONS } from '../../../../engine/jobs/schema.ts';
import { type Database, openDatabase } from '../../../../engine/platform/database.ts';
import { silentLog } from '../../../../engine/platform/log.ts';

let database: Database;
let makers: Makers;
let tell: (id: string) => void;

beforeEach(() => {
  database = openDatabase({
    file: ':memory:',
    whenUnusable: 'throw',
    migrations: JOB_MIGRATIONS,
    now: () => 0,
    log: silentLog(),
    onProblem: (problem) => {
      throw new Error(problem);
    },
  });
  makers = createMakers({
    homes: createOutputHomes(database),
    onJobChange(listener) {
      tell = (id) => listener({ job: { id, state: { kind: 'completed', target: 'local', endedAt: 0 } } as JobSummary });
      return () => undefined;
    },
  });
});
afterEach(() => {
  makers.close();
  database.close();
});

function completed(id: string, target: string, homes: readonly (object | null)[]): void {
  database
    .prepare(`
      INSERT INTO jobs (id, source, state, max_attempts, target, ended_at, wanted_target, priority, place, node_count, tags, outputs, created_at)
      VALUES (?, 'api', 'completed', 1, ?, 5, 'auto', 0, 1, 1, '[]', ?, 1)`)
    .run(id, target, homes.length);
  const add = database.prepare(`
    INSERT INTO job_outputs (seq, n, node_id, filename, type, bytes, sha256, home)
    VALUES ((SELECT seq FROM jobs WHERE id = ?), ?, '9', 'x.png', 'image/png', 1, 'content', ?)`);
  for (const [n, home] of homes.entries()) add.run(id, n, home === null ? null : JSON.stringify(home));
}
const home = (subfolder: string, filename: string, type = 'output') => ({ type, subfolder, filename });

describe('the maker of a file', () => {
  test('is known for what earlier engines made, more than a page of it', async () => {
    for (let n = 0; n < 1203; n += 1) completed(`job-${n}`, 'local', [home('', `ComfyUI_${n}_.png`)]);
    await makers.ready();
    expect(makers.of({ subfolder: '', name: 'ComfyUI_0_.png' })).toEqual({ jobId: 'job-0', isRemote: false });
    expect(makers.of({ subfolder: '', name: 'ComfyUI_1202_.png' })?.jobId).toBe('job-1202');
  });

  test('tells remote from local, and folders however they are written', async () => {
    completed('far', 'runpod-4090', [home('stoker\\runpod', 'a.png'), home('temp', 'b.png', 'temp'), null]);
    await makers.ready();
    expect(makers.of({ subfolder: 'stoker/runpod', name: 'a.png' })).toEqual({ jobId: 'far', isRemote: true });
    expect(makers.of({ subfolder: 'temp', name: 'b.png' })).toBeNull();
    expect(makers.of({ subfolder: '', name: 'a.png' })).toBeNull();
  });

  test('is known as soon as a job has ended', async () => {
    await makers.ready();
    completed('new', 'local', [home('2026', 'c.png')]);
    expect(makers.of({ subfolder: '2026', name: 'c.png' })).toBeNull();
    tell('new');
    expect(makers.of({ subfolder: '2026', name: 'c.png' })).toEqual({ jobId: 'new', isRemote: false });
  });
});

test('a page that holds only files of other folders is not the last', async () => {
  for (let n = 0; n < 1500; n += 1) completed(`temp-${n}`, 'local', [home('', `t${n}.png`, 'temp')]);
  completed('last', 'local', [home('', 'z.png')]);
  const found: OutputHome[] = [];
  const homes: OutputHomes = createOutputHomes(database);
  for (let after: number | null = 0; after !== null; ) {
    const page = homes.page(after, 1000);
    found.push(...page.homes);
    after = page.last;
  }
  expect(found.map(({ jobId }) => jobId)).toEqual(['last']);
});
