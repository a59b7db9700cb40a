/** One part of the list of jobs, page by page, and what the pages around it need to know. */
import { keepPreviousData, skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { JobCounts, JobProgress, JobSummary } from '../../contract/jobs.ts';
import type { TargetStatus } from '../../contract/targets.ts';
import { fetchJobs, fetchPreview } from '../jobs-api.ts';
import { type JobFilter, type JobGroup, statesOf } from '../lib/job-group.ts';
import { keys } from '../live-cache.ts';
import { jobKeys } from '../live-jobs.ts';
import { fetchTargets } from '../targets-api.ts';

const PAGE_SIZE = 100;
const PREVIEW_MS = 1500;

export interface JobListPart {
  readonly jobs: readonly JobSummary[];
  readonly counts: JobCounts | undefined;
  readonly loading: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

export function useJobList(group: JobGroup, filter: JobFilter): JobListPart {
  const states = statesOf(group, filter);
  const list = useInfiniteQuery({
    queryKey: jobKeys.list(group, filter),
    queryFn: ({ pageParam }) =>
      fetchJobs({
        state: states === null ? [] : [...states],
        order: group === 'waiting' ? 'place' : 'newest',
        target: filter.target ?? undefined,
        tag: filter.tag ?? undefined,
        search: filter.search,
        limit: PAGE_SIZE,
        cursor: pageParam,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    enabled: states !== null,
    placeholderData: keepPreviousData,
    // News change single rows of what may be very long: comparing all of it each time would stall the page.
    structuralSharing: false,
    staleTime: 0,
    gcTime: 60_000,
  });
  const { data, fetchNextPage, isFetching } = list;
  const wanted = states !== null;
  const jobs = useMemo(() => (wanted ? (data?.pages.flatMap((page) => page.jobs) ?? []) : []), [data, wanted]);
  return {
    jobs,
    counts: data?.pages[0]?.counts,
    loading: states !== null && list.isPending,
    error: states === null ? null : list.error,
    hasMore: states !== null && list.hasNextPage,
    loadMore: () => {
      if (!isFetching) void fetchNextPage();
    },
    retry: () => void list.refetch(),
  };
}

/** As the engine told last; before that, as the list brought them. */
export function useJobCounts(listed: JobCounts | undefined): JobCounts | undefined {
  return useQuery<JobCounts>({ queryKey: jobKeys.counts, queryFn: skipToken }).data ?? listed;
}

/** Null while nothing is known of it. */
export function useJobProgress(id: string): JobProgress | null {
  return useQuery<JobProgress | null>({ queryKey: jobKeys.progress(id), queryFn: skipToken }).data ?? null;
}

/** Where jobs can run beside the local ComfyUI; empty while there is nothing else, or that is not known. */
export function useOtherTargets(): readonly TargetStatus[] {
  const { data } = useQuery({ queryKey: keys.targets, queryFn: fetchTargets, retry: false, staleTime: 60_000 });
  return useMemo(() => data?.filter(({ kind }) => kind !== 'local') ?? [], [data]);
}

/** The newest picture of a running job; null while it shows none, or cannot. */
export function useJobPreview(id: string): Blob | null {
  const { data } = useQuery({
    queryKey: jobKeys.preview(id),
    queryFn: () => fetchPreview(id),
    retry: false,
    structuralSharing: false,
    refetchInterval: ({ state }) => (state.error === null ? PREVIEW_MS : false),
    gcTime: 0,
  });
  return data ?? null;
}
