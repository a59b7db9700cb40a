/** Wires the durable queue with what it runs on, the supervised ComfyUI and the targets elsewhere, and with the pictures it makes. Decides nothing. */
import { join } from 'node:path';
import type { PromptEnd } from '../../contract/events.ts';
import type { ComfyFile } from '../../contract/jobs.ts';
import { createLivePreviews } from '../comfyui/live-previews.ts';
import { findFile } from '../comfyui/output-folder.ts';
import { createPreviews } from '../comfyui/previews.ts';
import { createGallery } from '../gallery/gallery.ts';
import { createJobThumbnails } from '../gallery/job-thumbnails.ts';
import { createMakers } from '../gallery/makers.ts';
import { createThumbnails } from '../gallery/thumbnails.ts';
import { createJobs } from '../jobs/jobs.ts';
import { joined, type Unsubscribe } from '../platform/listeners.ts';
import { createHomeFiles } from '../targets/comfyui/home-files.ts';
import { createPagePrompts } from '../targets/comfyui/page-prompts.ts';
import { createPromptApi } from '../targets/comfyui/prompt-api.ts';
import { createLocalTarget } from '../targets/local.ts';
import { packageJob } from '../targets/runpod/package-job.ts';
import { createResultDownloads } from '../targets/runpod/result-download.ts';
import type { Card } from './card.ts';
import type { Ground } from './ground.ts';
import type { Supervised } from './supervised.ts';

export type Work = ReturnType<typeof wireWork>;

/**
 * @param socketsReady resolves when the pages' sockets hear ComfyUI again
 * @throws AppError data_folder_unusable
 */
export function wireWork(ground: Ground, supervised: Supervised, card: Card, socketsReady: () => Promise<void>) {
  const { clock, closings, paths, secrets, settings, happenings, tellProblem } = ground;
  const { queue, client, catalogue, inputFolder, outputFolder } = supervised;
  const { courtesy, guarded, withdrawals } = card;
  const log = ground.log.child({ room: 'jobs' });
  const wishes = () => settings.current().jobs;
  const folders = () => ({ input: inputFolder(), output: outputFolder(), temp: null });
  const livePreviews = createLivePreviews();
  const api = createPromptApi();
  closings.push(() => api.close());
  const downloads = createResultDownloads();
  closings.push(() => downloads.close());
  async function findAtHome(file: ComfyFile) {
    const folder = file.type === 'output' ? outputFolder() : null;
    return folder === null ? null : findFile(folder, file);
  }
  const pagePrompts = createPagePrompts({
    queue,
    historyOf: client.historyOf,
    socketsReady,
    api,
    sizeOf: async (file) => (await findAtHome(file))?.bytes ?? 0,
    clock,
  });
  const local = createLocalTarget({
    supervisor: guarded,
    cardLent: () => courtesy.refusal()?.message ?? null,
    onCardChange: courtesy.onChange,
    wasWithdrawn: withdrawals.take,
    queueLength: () => queue.snapshot().running + queue.snapshot().pending,
    api,
    async homeOf({ type, subfolder, filename }, bytes) {
      if (type !== 'output') return null;
      const file: ComfyFile = { type, subfolder, filename };
      // Of another length it is another file: ComfyUI saves elsewhere than it is thought to.
      return (await findAtHome(file))?.bytes === bytes ? file : null;
    },
    pagePrompts,
    clock,
  });
  const jobs = createJobs({
    folder: paths.jobsFolder,
    local,
    remote: {
      secrets,
      packageJob: (workflow) => packageJob(workflow, folders(), catalogue.current()),
      fetchUrl: downloads.fetch,
      tell: (message) => happenings.add('queue', 'warning', message),
      random: Math.random,
    },
    livePreviews,
    catalogue: catalogue.current,
    outputFolder,
    homeFile: createHomeFiles({ address: guarded.address, find: findAtHome, view: api.view }),
    others: { api, folders },
    mostAtOnce: () => wishes().mostAtOnce,
    onSettingsChange: settings.onChange,
    keptDays: () => wishes().keepDays,
    offloadWishes: wishes,
    clock,
    log,
    onProblem: tellProblem,
  });
  closings.push(() => jobs.close());
  // Whoever queues something wants ComfyUI back, and then all goes on.
  jobs.queue.onChange(({ job }) => {
    if (job.state.kind === 'queued') local.goOn(job.createdAt);
  });

  const thumbnails = createThumbnails({
    folder: paths.thumbnailsFolder,
    workerFile: join(ground.options.programFolder, 'gallery/thumbnail-worker.js'),
    clock,
    log: ground.log.child({ room: 'gallery' }),
  });
  const gallery = createGallery({
    folder: outputFolder,
    makers: createMakers({ homes: jobs.homes, onJobChange: jobs.queue.onChange }),
    isJobKnown: (id) => jobs.store.summary(id) !== null,
    thumbnails,
    clock,
  });
  closings.push(() => gallery.close());
  const comfyPreviews = createPreviews({
    client,
    isRunning: () => supervised.supervisor.address() !== null,
    lastKnownHistory: queue.lastKnownHistory,
    outputFolder,
  });
  return {
    jobs,
    gallery,
    jobThumbnails: createJobThumbnails({ jobs, thumbnails }),
    livePreviews,
    previews: { of: async (id: string) => (await jobs.picture(id)) ?? comfyPreviews.of(id) },
    /** Resolves when the prompts that wait for ComfyUI are in its queue. */
    promptsHandedOver: pagePrompts.handedOver,
    /** Of a prompt here and of a job elsewhere. */
    onEnd: (listener: (end: PromptEnd) => void): Unsubscribe =>
      joined(queue.onPromptEnd(listener), jobs.onEndElsewhere(listener)),
  };
}
