/** What the engine answers about jobs, from the jobs of a scene: filtered, in order and paged as the real one does it. */
import { PNG } from 'pngjs';
import {
  type Job,
  type JobList,
  JobListSchema,
  JobSchema,
  JobStateNameSchema,
  type JobSummary,
} from '../../contract/jobs.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type TargetStatus, TargetsSchema } from '../../contract/targets.ts';
import type { Refusal } from './dashboard-engine.ts';

export interface JobScene {
  /** Newest first; what waits runs from the last to the first. */
  readonly jobs: readonly JobSummary[];
  readonly job: (summary: JobSummary) => Job;
  /** Of every running job. */
  readonly preview: Buffer | null;
  readonly targets: readonly TargetStatus[];
}

type Answer = { readonly body: unknown } | { readonly bytes: Buffer | null } | { readonly refusal: Refusal };

/** Undefined for the address of something else. */
export function answerJobs(scene: JobScene, url: URL): Answer | undefined {
  if (url.pathname === MANAGER_ROUTES.targets) return { body: TargetsSchema.parse({ targets: scene.targets }) };
  if (url.pathname === MANAGER_ROUTES.jobs) return { body: JobListSchema.parse(listOf(scene.jobs, url.searchParams)) };
  if (!url.pathname.startsWith(`${MANAGER_ROUTES.jobs}/`)) return undefined;
  const [id = '', part, n] = url.pathname.slice(MANAGER_ROUTES.jobs.length + 1).split('/');
  // Prompts that are no jobs have one too.
  if (part === 'preview') return { bytes: scene.preview };
  const summary = scene.jobs.find((job) => job.id === id);
  if (part === 'thumbnail') return { bytes: summary?.outputs ? picture(summary.createdAt % 97) : null };
  if (summary === undefined) return { refusal: { code: 'job_not_found', message: `There is no job ${id}.` } };
  if (part === 'outputs') return { bytes: picture(Number(n)) };
  return { body: JobSchema.parse(scene.job(summary)) };
}

function listOf(all: readonly JobSummary[], asked: URLSearchParams): JobList {
  const states = asked.get('state')?.split(',');
  const byPlace = asked.get('order') === 'place';
  const search = (asked.get('search') ?? '').toLowerCase();
  const fitting = all.filter(
    ({ id, state, tags, title, wantedTarget, ranOn }) =>
      (byPlace ? state.kind === 'queued' : states === undefined || states.includes(state.kind)) &&
      [null, state.kind === 'queued' ? wantedTarget : ranOn].includes(asked.get('target')) &&
      (asked.get('tag') === null || tags.includes(asked.get('tag') ?? '')) &&
      [title ?? '', id, ...tags].some((text) => text.toLowerCase().includes(search)),
  );
  if (byPlace) fitting.reverse();
  const from = Number(asked.get('cursor') ?? 0);
  const to = from + Number(asked.get('limit') ?? 50);
  const counts = Object.fromEntries(
    JobStateNameSchema.options.map((name) => [name, all.filter(({ state }) => state.kind === name).length]),
  ) as JobList['counts'];
  return { jobs: fitting.slice(from, to), nextCursor: to < fitting.length ? String(to) : null, counts };
}

/** A square of soft colours, another for each number: enough to see whether pictures are shown well. */
export function picture(seed: number): Buffer {
  const size = 96;
  const image = new PNG({ width: size, height: size });
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const red = 120 + 90 * Math.sin((x + seed * 40) / 30);
      const green = 110 + 80 * Math.cos((y + seed * 25) / 24);
      image.data.set([red, green, 130 + 70 * Math.sin((x + y) / 36 + seed), 255], (y * size + x) * 4);
    }
  }
  return PNG.sync.write(image);
}
