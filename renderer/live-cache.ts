/** Where pushed and fetched data meet: names of the cached answers, and what each event changes in them. */
import type { QueryClient } from '@tanstack/react-query';
import type { EventName, EventPayload, Happening } from '../contract/events.ts';
import type { MadeAt } from '../contract/gallery.ts';
import type { GpuHistoryRange, GpuSnapshot } from '../contract/gpu.ts';
import type { Logs } from '../contract/manager-api.ts';
import type { Status } from '../contract/status.ts';
import { fetchHappenings, fetchLogs } from './api.ts';
import { addHappenings } from './lib/happening-list.ts';
import { MAX_LOG_LINES, mergeLogLines, replaceLogLines } from './lib/log-lines.ts';
import { applyJob, applyJobList, jobKeys } from './live-jobs.ts';

export const keys = {
  status: ['status'],
  gpu: ['gpu'],
  happenings: ['happenings'],
  log: ['log'],
  settings: ['settings'],
  secrets: ['secrets'],
  tokens: ['tokens'],
  preferences: ['preferences'],
  update: ['update'],
  installations: ['installations'],
  doctor: ['doctor'],
  savings: ['savings'],
  targets: ['targets'],
  endpoints: ['endpoints'],
  endpointHas: (name: string) => ['endpointHas', name],
  servers: ['servers'],
  anyServerTest: ['serverTest'],
  serverTest: (name: string) => ['serverTest', name],
  anyGallery: ['gallery'],
  gallery: (search: string, madeAt: MadeAt | 'all') => ['gallery', madeAt, search],
  galleryHead: ['galleryHead'],
  anyGpuHistory: ['gpuHistory'],
  gpuHistory: (range: GpuHistoryRange) => ['gpuHistory', range],
} as const;

/** All that tells of the places where jobs run. */
export const targetQueries = [keys.targets, keys.endpoints, keys.servers, keys.anyServerTest] as const;

export function applyEvent<Name extends EventName>(cache: QueryClient, name: Name, payload: EventPayload[Name]): void {
  const event = { name, payload } as { [Each in EventName]: { name: Each; payload: EventPayload[Each] } }[EventName];
  switch (event.name) {
    case 'status':
      cache.setQueryData<Status>(keys.status, event.payload);
      return;
    case 'gpu':
      cache.setQueryData<GpuSnapshot>(keys.gpu, event.payload);
      return;
    case 'happening':
      cache.setQueryData<readonly Happening[]>(keys.happenings, (kept) => addHappenings(kept ?? [], [event.payload]));
      return;
    case 'log':
      cache.setQueryData<Logs>(keys.log, (kept) => ({
        file: kept?.file ?? null,
        lines: [...mergeLogLines(kept?.lines ?? [], event.payload)],
      }));
      return;
    case 'promptEnd':
    case 'jobNotice':
      // The list of what happened tells them in a sentence; these events are the shell's.
      return;
    case 'job':
      applyJob(cache, event.payload);
      return;
    case 'jobList':
      applyJobList(cache, event.payload);
      return;
  }
}

/** After the stream was down: fetch what it did not bring. */
export function refetchMissed(cache: QueryClient): void {
  for (const queryKey of [
    keys.happenings,
    keys.log,
    keys.anyGpuHistory,
    keys.settings,
    keys.secrets,
    keys.tokens,
    jobKeys.lists,
    jobKeys.jobs,
    ...targetQueries,
    keys.anyGallery,
  ]) {
    void cache.invalidateQueries({ queryKey });
  }
}

export async function loadHappenings(cache: QueryClient): Promise<readonly Happening[]> {
  const fetched = await fetchHappenings();
  return addHappenings(cache.getQueryData<readonly Happening[]>(keys.happenings) ?? [], fetched);
}

export async function loadLog(cache: QueryClient): Promise<Logs> {
  const fetched = await fetchLogs({ lines: MAX_LOG_LINES });
  const kept = cache.getQueryData<Logs>(keys.log)?.lines ?? [];
  return { file: fetched.file, lines: [...replaceLogLines(kept, fetched.lines)] };
}
