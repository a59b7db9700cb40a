/** Wires the durable queue with what it runs on: the supervised ComfyUI and the endpoints. Decides nothing. */
import type { ComfyFile } from '../contract/jobs.ts';
import { findFile } from './comfyui/output-folder.ts';
import type { Courtesy } from './courtesy/courtesy.ts';
import type { Closings } from './ground.ts';
import { createJobs, type Jobs, type JobsDeps } from './jobs/jobs.ts';
import { createHomeFiles } from './targets/comfyui/home-files.ts';
import { createPagePrompts, type PagePromptsDeps } from './targets/comfyui/page-prompts.ts';
import { createPromptApi } from './targets/comfyui/prompt-api.ts';
import { createLocalTarget, type LocalTargetDeps } from './targets/local.ts';
import { packageJob } from './targets/runpod/package-job.ts';
import { createResultDownloads } from './targets/runpod/result-download.ts';

export interface WorkDeps
  extends Pick<JobsDeps, 'folder' | 'livePreviews' | 'keptDays' | 'offloadWishes' | 'clock' | 'log' | 'onProblem'>,
    Pick<JobsDeps, 'mostAtOnce' | 'onSettingsChange'>,
    Pick<LocalTargetDeps, 'supervisor' | 'wasWithdrawn' | 'queueLength'>,
    Pick<PagePromptsDeps, 'queue' | 'historyOf' | 'socketsReady'> {
  readonly courtesy: Pick<Courtesy, 'refusal' | 'onChange'>;
  readonly inputFolder: () => string | null;
  readonly outputFolder: () => string | null;
  readonly catalogue: JobsDeps['catalogue'];
  readonly secrets: JobsDeps['remote']['secrets'];
  /** Tells the user of what Stoker did by itself. */
  readonly tell: (message: string) => void;
  readonly closings: Closings;
}

export interface Work {
  readonly jobs: Jobs;
  /** Resolves when the prompts that wait for ComfyUI are in its queue. */
  readonly promptsHandedOver: () => Promise<void>;
}

/** @throws AppError data_folder_unusable */
export function createWork(deps: WorkDeps): Work {
  const { supervisor, courtesy, wasWithdrawn, queueLength, clock, closings } = deps;
  const api = createPromptApi();
  closings.push(() => api.close());
  async function findAtHome(file: ComfyFile) {
    const folder = file.type === 'output' ? deps.outputFolder() : null;
    return folder === null ? null : findFile(folder, file);
  }
  const pagePrompts = createPagePrompts({ ...deps, api, sizeOf: async (file) => (await findAtHome(file))?.bytes ?? 0 });
  const local = createLocalTarget({
    supervisor,
    cardLent: () => courtesy.refusal()?.message ?? null,
    onCardChange: courtesy.onChange,
    wasWithdrawn,
    queueLength,
    api,
    pagePrompts,
    clock,
  });
  const jobs = createJobs({
    folder: deps.folder,
    local,
    remote: {
      secrets: deps.secrets,
      packageJob: (workflow) =>
        packageJob(workflow, { input: deps.inputFolder(), output: deps.outputFolder(), temp: null }, deps.catalogue()),
      fetchUrl: createResultDownloads(),
      tell: deps.tell,
      random: Math.random,
    },
    livePreviews: deps.livePreviews,
    catalogue: deps.catalogue,
    outputFolder: deps.outputFolder,
    homeFile: createHomeFiles({ address: supervisor.address, find: findAtHome, view: api.view }),
    others: {
      api,
      folders: () => ({ input: deps.inputFolder(), output: deps.outputFolder(), temp: null }),
    },
    mostAtOnce: deps.mostAtOnce,
    onSettingsChange: deps.onSettingsChange,
    keptDays: deps.keptDays,
    offloadWishes: deps.offloadWishes,
    clock,
    log: deps.log,
    onProblem: deps.onProblem,
  });
  closings.push(() => jobs.close());
  // Whoever queues something wants ComfyUI back, and then all goes on.
  jobs.queue.onChange(({ job }) => {
    if (job.state.kind === 'queued') local.goOn(job.createdAt);
  });
  return { jobs, promptsHandedOver: pagePrompts.handedOver };
}
